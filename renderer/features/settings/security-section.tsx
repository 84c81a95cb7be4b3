import { Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { refusalsBeforeAcceptance } from '../../../shared/rules/retry-class.ts'
import { Section } from '../../components/section.tsx'
import type { ManagerDraft } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { useFields } from './manager-sections.tsx'
import { MessageSecurityFields } from './message-security-fields.tsx'

const kinds = ['none', 'bearer', 'oauth2', 'api-key'] as const
const blankSignIn = (kind: (typeof kinds)[number]): ManagerDraft['authentication'] => {
  if (kind === 'oauth2') return { kind, tokenUrl: '', clientId: '', scope: '' }
  return kind === 'api-key' ? { kind, header: 'x-access-token' } : { kind }
}

/** Sign-in, signatures, certificates, and what the payment system has proven. */
export function SecuritySection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { flag, text, words } = useFields(part)
  const { draft, change, wrongAt } = part
  const { authentication } = draft
  const chooseSignIn = (chosen: string | null): void => {
    const kind = kinds.find((one) => one === chosen) ?? 'none'
    change({ authentication: blankSignIn(kind) })
  }
  return (
    <Section title={t('form.security')} description={t('form.securityMeaning')}>
      <Stack>
        <Select
          {...words('authentication')}
          value={authentication.kind}
          onChange={chooseSignIn}
          data={kinds.map((kind) => ({ value: kind, label: t(`signIn.${kind}`) }))}
          allowDeselect={false}
        />
        {authentication.kind === 'api-key' && (
          <TextInput
            label={t('signIn.header')}
            value={authentication.header}
            onChange={(event) =>
              change({ authentication: { kind: 'api-key', header: event.currentTarget.value.trim() } })
            }
            error={wrongAt('authentication.header')}
            dir="ltr"
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {authentication.kind === 'oauth2' &&
          (['tokenUrl', 'clientId', 'scope'] as const).map((name) => (
            <TextInput
              key={name}
              label={t(`signIn.${name}`)}
              value={authentication[name]}
              onChange={(event) => change({ authentication: { ...authentication, [name]: event.currentTarget.value } })}
              error={wrongAt(`authentication.${name}`)}
              autoComplete="off"
              spellCheck={false}
            />
          ))}
        <MessageSecurityFields {...part} />
        <Textarea {...text('certificateAuthority')} autosize minRows={2} maxRows={8} dir="ltr" />
        <Switch {...flag('duplicateProtectionProven')} />
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
