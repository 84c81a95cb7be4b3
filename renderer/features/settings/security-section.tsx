import { Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { MessageSecurityFields } from './message-security-fields.tsx'

/** What shows that messages and answers are genuine, and whether others can read them. */
export function SecuritySection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  return (
    <Section id={placeOf('security')} title={t('form.security')} description={t('form.securityMeaning')}>
      <Stack>
        <MessageSecurityFields {...part} />
      </Stack>
    </Section>
  )
}
