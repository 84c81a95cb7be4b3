import { Stack, Switch, TagsInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { refusalsBeforeAcceptance } from '../../../shared/rules/retry-class.ts'
import { Section } from '../../components/section.tsx'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'

/** What the payment system has proven, and what the office may therefore do by itself. */
export function ProofSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { flag, words } = useFields(part)
  const { draft, change, wrongAt, profile } = part
  const canProtect = profile?.canProtect !== false
  const protection = flag('duplicateProtectionProven')
  return (
    <Section id={placeOf('proof')} title={t('form.proof')} description={t('form.proofMeaning')}>
      <Stack>
        {(canProtect || draft.duplicateProtectionProven) && <Switch {...protection} />}
        <TagsInput
          {...words('noMoneyMovedCodes')}
          error={draft.noMoneyMovedCodes.map((_, index) => wrongAt(`noMoneyMovedCodes.${index}`)).find(Boolean)}
          value={draft.noMoneyMovedCodes}
          onChange={(noMoneyMovedCodes) => change({ noMoneyMovedCodes })}
          data={[...refusalsBeforeAcceptance]}
          splitChars={[',', ' ']}
        />
      </Stack>
    </Section>
  )
}
