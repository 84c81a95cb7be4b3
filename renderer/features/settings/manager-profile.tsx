import { Alert, Anchor, List, Select, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { ProfileView } from './answers.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'
import { differing, type Suggested, type SuggestedField, settingsOf } from './profile-suggestions.ts'

/** A profile's name as a key of the sentences: the point would part it. */
const keyOf = (name: string): string => name.replaceAll('.', '_')

/** What kind of receiver it is, what that kind is known for, and where these settings go another way. */
export function ProfileSection(part: ManagerFormPart & { readonly profiles: readonly ProfileView[] }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const { words, text } = useFields(part)
  const { draft, change, profiles, profile, readOnly } = part
  const choose = (name: string | null): void => {
    const chosen = profiles.find((one) => one.name === name)
    if (chosen !== undefined) change(settingsOf(chosen, draft))
  }
  const worded = (field: SuggestedField, settings: Suggested): string => {
    switch (field) {
      case 'duplicateProtectionProven':
        return t(settings[field] ? 'profile.yes' : 'profile.no')
      case 'noMoneyMovedCodes':
        return settings[field].length === 0 ? t('profile.none') : format.list(settings[field])
      case 'statusAction':
        return settings[field]
      case 'mode':
        return t(`modes.${settings[field]}`)
      case 'amountsFormat':
        return t(`amounts.${settings[field]}`)
      case 'scheduledTimestamp':
        return t(`schedules.${settings[field]}`)
      case 'statusBy':
        return t(`statusBy.${settings[field]}`)
    }
  }
  const others = differing(draft, profile)
  return (
    <Section id={placeOf('profile')} title={t('form.profile')} description={t('form.profileMeaning')}>
      <Stack>
        <TextInput {...text('name')} maxLength={200} />
        <Select
          {...words('profile')}
          description={t(`profiles.${keyOf(draft.profile)}.meaning`, { defaultValue: '' })}
          value={draft.profile}
          onChange={choose}
          data={profiles.map(({ name }) => ({ value: name, label: t(`profiles.${keyOf(name)}.name`) }))}
          allowDeselect={false}
        />
        {profile?.needs.map((field) => (
          <TextInput key={field} {...text(field)} type="url" />
        ))}
        {profile !== undefined && (
          <Alert color="slate" title={t('profile.proven')}>
            <List size="sm">
              <List.Item>
                {t(profile.proven.duplicateProtection ? 'profile.protects' : 'profile.protectionNotShown')}
              </List.Item>
              <List.Item>
                {profile.proven.noMoneyMovedCodes.length === 0
                  ? t('profile.noProofs')
                  : t('profile.proofs', { codes: format.list(profile.proven.noMoneyMovedCodes) })}
              </List.Item>
              <List.Item>
                {t(profile.proven.signedReplies.length === 0 ? 'profile.unsigned' : 'profile.signed')}
              </List.Item>
            </List>
          </Alert>
        )}
        {profile !== undefined && others.length > 0 && (
          <Alert color="ochre" role="status" title={t('profile.differs', { count: others.length })}>
            <List size="sm">
              {others.map((field) => (
                <List.Item key={field}>
                  <b>{t(`fields.${field}`)}</b>: {t('profile.suggests', { value: worded(field, profile.suggested) })}{' '}
                  {!readOnly && (
                    <Anchor
                      component="button"
                      type="button"
                      size="sm"
                      aria-label={t('profile.takeNamed', { field: t(`fields.${field}`) })}
                      onClick={() => change({ [field]: profile.suggested[field] })}
                    >
                      {t('profile.take')}
                    </Anchor>
                  )}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
      </Stack>
    </Section>
  )
}
