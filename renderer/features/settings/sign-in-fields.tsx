import { Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ManagerDraft } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { useFields } from './manager-sections.tsx'

const kinds = ['none', 'bearer', 'oauth2', 'oauth2-password', 'api-key'] as const
const blankSignIn = (kind: (typeof kinds)[number]): ManagerDraft['authentication'] => {
  if (kind === 'oauth2-password') return { kind, tokenUrl: '', clientId: 'client', username: '' }
  if (kind === 'oauth2') return { kind, tokenUrl: '', clientId: '', scope: '' }
  return kind === 'api-key' ? { kind, header: 'x-access-token' } : { kind }
}

interface SignInChoiceProps {
  readonly label: string
  readonly description?: string
  readonly error?: string | undefined
  readonly authentication: ManagerDraft['authentication']
  readonly onChange: (authentication: ManagerDraft['authentication']) => void
  readonly wrongAt: ManagerFormPart['wrongAt']
  /** Whether a user's password is among the ways; only Payment Hub asks for one. */
  readonly withPassword?: boolean
}

/** With what this office signs in somewhere; the secret itself is entered beside the form. */
export function SignInChoice({ authentication, onChange, wrongAt, withPassword = false, ...words }: SignInChoiceProps) {
  const { t } = useTranslation('settings')
  const offered = kinds.filter((kind) => kind !== 'oauth2-password' || withPassword || authentication.kind === kind)
  return (
    <>
      <Select
        {...words}
        value={authentication.kind}
        onChange={(chosen) => onChange(blankSignIn(kinds.find((one) => one === chosen) ?? 'none'))}
        data={offered.map((kind) => ({ value: kind, label: t(`signIn.${kind}`) }))}
        allowDeselect={false}
      />
      {authentication.kind === 'api-key' && (
        <TextInput
          label={t('signIn.header')}
          value={authentication.header}
          onChange={(event) => onChange({ kind: 'api-key', header: event.currentTarget.value.trim() })}
          error={wrongAt('authentication.header')}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {authentication.kind === 'oauth2-password' &&
        (['tokenUrl', 'clientId', 'username'] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`signIn.${name}`)}
            value={authentication[name]}
            onChange={(event) => onChange({ ...authentication, [name]: event.currentTarget.value })}
            error={wrongAt(`authentication.${name}`)}
            autoComplete="off"
            spellCheck={false}
          />
        ))}
      {authentication.kind === 'oauth2' &&
        (['tokenUrl', 'clientId', 'scope'] as const).map((name) => (
          <TextInput
            key={name}
            label={t(`signIn.${name}`)}
            value={authentication[name]}
            onChange={(event) => onChange({ ...authentication, [name]: event.currentTarget.value })}
            error={wrongAt(`authentication.${name}`)}
            autoComplete="off"
            spellCheck={false}
          />
        ))}
    </>
  )
}

/** With what this office signs in at the payment system. */
export function SignInFields(part: ManagerFormPart) {
  const { words } = useFields(part)
  const { draft, change, wrongAt } = part
  return (
    <SignInChoice
      {...words('authentication')}
      authentication={draft.authentication}
      onChange={(authentication) => change({ authentication })}
      wrongAt={wrongAt}
      withPassword={draft.kind === 'payment-hub'}
    />
  )
}
