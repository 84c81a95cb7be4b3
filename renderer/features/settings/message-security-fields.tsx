import { NumberInput, Select, SimpleGrid, Switch, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReceiverKey, ReplySigning } from '../../../shared/model/message-security.ts'
import { useApi } from '../../api/provider.tsx'
import { useSession } from '../../state/session.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { useFields } from './manager-sections.tsx'
import {
  algorithmsOf,
  encryptionOf,
  encryptionOrders,
  type KeyChoice,
  keysFor,
  signingKinds,
  signingOf,
  withKey,
} from './signing-choices.ts'

/** How messages are signed, what replies must carry, and whether both are encrypted. */
export function MessageSecurityFields(part: ManagerFormPart) {
  const api = useApi()
  const known = useQuery(api.managers.messageKeys.queryOptions())
  const keys: readonly KeyChoice[] = known.data ?? []
  return (
    <>
      <SigningFields {...part} keys={keys} />
      <ReplyFields {...part} />
      <EncryptionFields {...part} keys={keys} />
    </>
  )
}

type WithKeys = ManagerFormPart & { readonly keys: readonly KeyChoice[] }

function SigningFields({ keys, ...part }: WithKeys) {
  const { t } = useTranslation('settings')
  const training = useSession((session) => session.training)
  const { words } = useFields(part)
  const { draft, change, wrongAt, readOnly } = part
  const { signing } = draft
  const fit = keysFor(signing.kind, keys)
  const sign = (next: typeof signing): void => change({ signing: next })
  return (
    <>
      <Select
        {...words('signing')}
        value={signing.kind}
        onChange={(chosen) => {
          const kind = signingKinds.find((one) => one === chosen)
          if (kind !== undefined) sign(signingOf(kind, signing, keys))
        }}
        data={signingKinds.map((kind) => ({ value: kind, label: t(`signingKinds.${kind}`) }))}
        allowDeselect={false}
        readOnly={readOnly}
      />
      {signing.kind === 'placeholder' && !training && (
        <Switch
          label={t('signing.sandbox')}
          description={t('signing.sandboxMeaning')}
          checked={signing.sandbox}
          onChange={(event) => sign({ kind: 'placeholder', sandbox: event.currentTarget.checked })}
        />
      )}
      {signing.kind !== 'placeholder' && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('signing.key')}
            error={wrongAt('signing.keyId')}
            value={signing.keyId}
            onChange={(chosen) => {
              const key = fit.find(({ keyId }) => keyId === chosen)
              if (key !== undefined) sign(withKey(signing, key))
            }}
            data={fit.map(({ keyId, type }) => ({ value: keyId, label: `${t(`keyTypes.${type}`)} ${keyId}` }))}
            placeholder={t('form.noKeys')}
            allowDeselect={false}
            readOnly={readOnly}
          />
          {'alg' in signing && (
            <Select
              label={t('signing.alg')}
              value={signing.alg}
              onChange={(chosen) => {
                const type = keys.find(({ keyId }) => keyId === signing.keyId)?.type
                const alg = algorithmsOf(type).find((one) => one === chosen)
                if (alg !== undefined) sign({ ...signing, alg })
              }}
              data={[...algorithmsOf(keys.find(({ keyId }) => keyId === signing.keyId)?.type)]}
              allowDeselect={false}
              readOnly={readOnly}
            />
          )}
          {signing.kind === 'http-sig-string' && (
            <>
              <Select
                label={t('signing.namespace')}
                value={signing.namespace}
                onChange={(chosen) => sign({ ...signing, namespace: chosen === 'dci' ? 'dci' : 'g2p' })}
                data={['g2p', 'dci']}
                allowDeselect={false}
                readOnly={readOnly}
              />
              <Select
                label={t('signing.keyParameter')}
                value={signing.keyParameter}
                onChange={(chosen) => sign({ ...signing, keyParameter: chosen === 'keyId' ? 'keyId' : 'kidId' })}
                data={['kidId', 'keyId']}
                allowDeselect={false}
                readOnly={readOnly}
              />
            </>
          )}
          {'lifetime' in signing && (
            <NumberInput
              label={t('signing.lifetime')}
              error={wrongAt('signing.lifetime')}
              value={signing.lifetime}
              onChange={(value) => sign({ ...signing, lifetime: Number(value) })}
              min={120}
              max={86_400}
              allowDecimal={false}
              readOnly={readOnly}
            />
          )}
        </SimpleGrid>
      )}
    </>
  )
}

function ReplyFields(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { words, text } = useFields(part)
  const { draft, change, wrongAt, readOnly } = part
  const isSigned = draft.replySigning !== 'none'
  return (
    <>
      <Select
        {...words('replySigning')}
        value={draft.replySigning}
        onChange={(chosen) => change({ replySigning: ReplySigning.catch('none').parse(chosen) })}
        data={ReplySigning.options.map((form) => ({
          value: form,
          label: form === 'none' ? t('signing.noReplies') : t(`signingKinds.${form}`),
        }))}
        allowDeselect={false}
        readOnly={readOnly}
      />
      {(isSigned || draft.encryption.kind !== 'none' || draft.receiverJwksUrl !== '') && (
        <TextInput {...text('receiverJwksUrl')} type="url" dir="ltr" />
      )}
      {(isSigned || draft.receiverKey !== null) && (
        <KeyField
          label={t('fields.receiverKey')}
          description={t('explains.receiverKey')}
          error={wrongAt('receiverKey')}
          value={draft.receiverKey}
          onChange={(receiverKey) => change({ receiverKey })}
          readOnly={readOnly}
        />
      )}
    </>
  )
}

function EncryptionFields({ keys, ...part }: WithKeys) {
  const { t } = useTranslation('settings')
  const { words } = useFields(part)
  const { draft, change, wrongAt, readOnly } = part
  const { encryption } = draft
  const openers = keys.filter(({ purpose }) => purpose === 'decryption')
  return (
    <>
      <Select
        {...words('encryption')}
        value={encryption.kind === 'none' ? 'none' : encryption.order}
        onChange={(chosen) => {
          const order = encryptionOrders.find((one) => one === chosen) ?? 'none'
          change({ encryption: encryptionOf(order, encryption) })
        }}
        data={encryptionOrders.map((order) => ({ value: order, label: t(`encryption.${order}`) }))}
        allowDeselect={false}
        readOnly={readOnly}
      />
      {encryption.kind === 'jwe' && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={t('encryption.receiverKeyId')}
              description={t('encryption.receiverKeyIdMeaning')}
              value={encryption.receiverKeyId}
              onChange={(event) => change({ encryption: { ...encryption, receiverKeyId: event.currentTarget.value } })}
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
              readOnly={readOnly}
            />
            <Select
              label={t('encryption.ownKey')}
              description={t('encryption.ownKeyMeaning')}
              error={wrongAt('encryption.ownKeyId')}
              value={encryption.ownKeyId}
              onChange={(chosen) => change({ encryption: { ...encryption, ownKeyId: chosen ?? '' } })}
              data={[
                { value: '', label: t('encryption.noReplies') },
                ...openers.map(({ keyId }) => ({ value: keyId, label: keyId })),
              ]}
              allowDeselect={false}
              readOnly={readOnly}
            />
          </SimpleGrid>
          <KeyField
            label={t('encryption.receiverKey')}
            description={t('encryption.receiverKeyMeaning')}
            error={wrongAt('encryption.receiverKey')}
            value={encryption.receiverKey}
            onChange={(receiverKey) => change({ encryption: { ...encryption, receiverKey } })}
            readOnly={readOnly}
          />
        </>
      )}
    </>
  )
}

interface KeyFieldProps {
  readonly label: string
  readonly description: string
  readonly error: string | undefined
  readonly value: ReceiverKey | null
  readonly onChange: (key: ReceiverKey | null) => void
  readonly readOnly: boolean | undefined
}

/** A public key as the receiver hands it out; what cannot be read is kept as text until it can. */
export function KeyField({ label, description, error, value, onChange, readOnly }: KeyFieldProps) {
  const { t } = useTranslation('settings')
  const [text, setText] = useState(value === null ? '' : JSON.stringify(value, null, 2))
  const [unread, setUnread] = useState(false)
  const read = (typed: string): void => {
    setText(typed)
    const key = typed.trim() === '' ? null : readKey(typed)
    setUnread(key === undefined)
    // A key that cannot be read must hold the form back, not leave the old one in force.
    onChange(key === undefined ? { kty: '', alg: '' } : key)
  }
  return (
    <Textarea
      label={label}
      description={description}
      error={unread ? t('form.keyUnread') : error}
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

function readKey(text: string): ReceiverKey | undefined {
  try {
    return ReceiverKey.safeParse(JSON.parse(text)).data
  } catch {
    // Not JSON yet: somebody is still typing.
    return undefined
  }
}
