import { Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { USUAL_LIFETIME } from '../../../shared/model/message-security.ts'
import { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { refusalsBeforeAcceptance } from '../../../shared/rules/retry-class.ts'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { useSession } from '../../state/session.ts'
import type { ManagerDraft } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { useFields } from './manager-sections.tsx'

const kinds = ['none', 'bearer', 'oauth2', 'api-key'] as const
const blankSignIn = (kind: (typeof kinds)[number]): ManagerDraft['authentication'] => {
  if (kind === 'oauth2') return { kind, tokenUrl: '', clientId: '', scope: '' }
  return kind === 'api-key' ? { kind, header: 'x-access-token' } : { kind }
}

const ReceiverKey = z.string().transform((text, context): ManagerDraft['receiverKey'] => {
  try {
    return PaymentManager.shape.receiverKey.parse(JSON.parse(text))
  } catch {
    context.addIssue({ code: 'custom' })
    return z.NEVER
  }
})

/** Sign-in, signatures, certificates, and what the payment system has proven. */
export function SecuritySection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const training = useSession((session) => session.training)
  const keys = useQuery(api.managers.signingKeys.queryOptions())
  const { flag, text, words } = useFields(part)
  const { draft, change, wrongAt } = part
  const { authentication, signing } = draft
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
        <Select
          {...words('signing')}
          error={wrongAt('signing') ?? wrongAt('signing.keyId')}
          value={signing.kind === 'placeholder' ? 'placeholder' : signing.keyId}
          onChange={(chosen) =>
            chosen !== null &&
            change({
              signing:
                chosen === 'placeholder'
                  ? { kind: 'placeholder', sandbox: false }
                  : { kind: 'jws', keyId: chosen, alg: 'EdDSA', lifetime: USUAL_LIFETIME },
            })
          }
          data={[
            ...(training ? [{ value: 'placeholder', label: t('form.placeholder') }] : []),
            ...(keys.data ?? []).map(({ keyId }) => ({ value: keyId, label: keyId })),
          ]}
          placeholder={t('form.noKeys')}
          allowDeselect={false}
        />
        <ReceiverKeyField {...part} />
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

/** The receiver's public key as it hands it out; what cannot be read is kept as text until it can. */
function ReceiverKeyField({ draft, change, wrongAt, readOnly }: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const [text, setText] = useState(draft.receiverKey === null ? '' : JSON.stringify(draft.receiverKey, null, 2))
  const [unread, setUnread] = useState(false)
  const read = (typed: string): void => {
    setText(typed)
    const parsed = typed.trim() === '' ? { success: true as const, data: null } : ReceiverKey.safeParse(typed)
    setUnread(!parsed.success)
    // A key that cannot be read must hold the form back, not leave the old one in force.
    const receiverKey = parsed.success ? parsed.data : { kty: '', alg: '' }
    change({ receiverKey, replySigning: receiverKey === null ? 'none' : 'jws' })
  }
  return (
    <Textarea
      label={t('fields.receiverKey')}
      description={t('explains.receiverKey')}
      error={unread ? t('form.keyUnread') : wrongAt('receiverKey')}
      value={text}
      onChange={(event) => read(event.currentTarget.value)}
      autosize
      minRows={2}
      maxRows={10}
      dir="ltr"
      spellCheck={false}
      readOnly={readOnly}
    />
  )
}
