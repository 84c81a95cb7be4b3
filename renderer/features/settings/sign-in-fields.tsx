import { Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ManagerDraft } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { useFields } from './manager-sections.tsx'

const kinds = ['none', 'bearer', 'oauth2', 'api-key'] as const
const blankSignIn = (kind: (typeof kinds)[number]): ManagerDraft['authentication'] => {
  if (kind === 'oauth2') return { kind, tokenUrl: '', clientId: '', scope: '' }
  return kind === 'api-key' ? { kind, header: 'x-access-token' } : { kind }
}

/** With what this office signs in at the payment system; the secret itself is entered beside the form. */
export function SignInFields(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { words } = useFields(part)
  const { draft, change, wrongAt } = part
  const { authentication } = draft
  const chooseSignIn = (chosen: string | null): void => {
    const kind = kinds.find((one) => one === chosen) ?? 'none'
    change({ authentication: blankSignIn(kind) })
  }
  return (
    <>
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
    </>
  )
}
