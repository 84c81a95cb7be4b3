import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../shared/model/officer.ts'

const roles: readonly Role[] = ['clerk', 'approver', 'administrator', 'auditor']

/** What an administrator says of an officer. */
export interface OfficerDraft {
  readonly name: string
  readonly login: string
  readonly roles: Role[]
}

export const isOfficerComplete = ({ name, login, roles: chosen }: OfficerDraft): boolean =>
  name.trim() !== '' && login.trim() !== '' && chosen.length > 0

interface OfficerFieldsProps {
  draft: OfficerDraft
  onChange: (draft: OfficerDraft) => void
  /** Where the officer begins to write. */
  focus: 'name' | 'login'
}

/** Name, short name and roles of an officer. */
export function OfficerFields({ draft, onChange, focus }: OfficerFieldsProps) {
  const { t } = useTranslation('settings')
  const text = (field: 'name' | 'login', most: number) => (
    <TextInput
      label={t(`officers.${field}`)}
      value={draft[field]}
      onChange={(event) => onChange({ ...draft, [field]: event.currentTarget.value })}
      maxLength={most}
      autoComplete="off"
      {...(field === focus ? { 'data-autofocus': true } : {})}
    />
  )
  return (
    <>
      {text('name', 200)}
      {text('login', 60)}
      <Checkbox.Group
        label={t('officers.roles')}
        value={draft.roles}
        onChange={(values) => onChange({ ...draft, roles: roles.filter((role) => values.includes(role)) })}
      >
        <Stack gap="xs" mt={6}>
          {roles.map((role) => (
            <Checkbox
              key={role}
              value={role}
              label={t(`common:roles.${role}`)}
              description={t(`officers.does.${role}`)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
    </>
  )
}
