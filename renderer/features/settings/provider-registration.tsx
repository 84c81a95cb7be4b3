import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload, IconKey } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CALLBACK_PATH } from '../../../shared/model/sign-in-provider.ts'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { saveFile } from '../../components/save-file.ts'
import { useFormat } from '../../i18n/format.ts'
import type { ProviderView } from './answers.ts'

interface RegistrationProps {
  provider: ProviderView
  onChanged: () => void
}

/** What the provider has to know of this machine, and what this machine shows it. */
export function ProviderRegistration(props: RegistrationProps) {
  const { clientAuthentication, userInfo } = props.provider
  const withKey = clientAuthentication === 'private_key_jwt' || userInfo === 'encrypted'
  return (
    <Stack gap="md">
      {withKey && <MachineKey {...props} />}
      <OwnClient {...props} />
      {clientAuthentication.startsWith('client_secret') && <ClientSecret {...props} />}
    </Stack>
  )
}

function MachineKey({ provider, onChanged }: RegistrationProps) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const format = useFormat()
  const confirm = useConfirm()
  const make = useMutation({ ...api.signIn.makeKeys.mutationOptions(), onSuccess: onChanged })
  const { id, name, keys, keysMissing, ports } = provider
  const makeKeys = async (): Promise<void> => {
    const label = t('makeNewKey')
    const sure =
      keys.length === 0 ||
      (await confirm({ title: label, body: t('makeNewKeyMeaning'), confirmLabel: label, dangerous: true }))
    if (sure) make.mutate({ id })
  }
  const addresses = ports.map((port) => `http://127.0.0.1:${port}${CALLBACK_PATH}`)
  return (
    <div>
      <Text fw={560}>{t('key')}</Text>
      <Text size="sm" c="dimmed">
        {t('keyMeaning', { addresses: format.list(addresses) })}
      </Text>
      {keysMissing && (
        <Text size="sm" c="ochre" role="alert">
          {t('noKey')}
        </Text>
      )}
      {keys.map(({ keyId, publicKey }) => (
        <Group key={keyId} gap="xs" mt="xs">
          <Text size="sm">{t('copyKey')}</Text>
          <Text size="sm" component="div" maw={260}>
            <CopyText value={JSON.stringify(publicKey)} />
          </Text>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            onClick={() => saveFile(`${keyId}.jwk.json`, [JSON.stringify(publicKey, null, 2)], 'application/json')}
            aria-label={`${t('saveKey')} (${name})`}
          >
            {t('saveKey')}
          </Button>
        </Group>
      ))}
      <Group mt="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconKey size={14} />}
          loading={make.isPending}
          onClick={() => void makeKeys()}
        >
          {t(keys.length === 0 ? 'makeKey' : 'makeNewKey')}
        </Button>
      </Group>
      {make.error && <FaultMessage fault={make.error} />}
    </div>
  )
}

function OwnClient({ provider, onChanged }: RegistrationProps) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const [clientId, setClientId] = useState(provider.ownClientId)
  const save = useMutation({
    ...api.signIn.setClientId.mutationOptions(),
    onSuccess: () => {
      notifyDone(t('kept'))
      onChanged()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate({ id: provider.id, clientId })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t('client')}
          description={t('clientMeaning', { shared: provider.clientId || t('nobody') })}
          value={clientId}
          onChange={(event) => setClientId(event.currentTarget.value)}
          maxLength={256}
          dir="ltr"
          autoComplete="off"
          flex="1 1 16rem"
        />
        <Button
          type="submit"
          variant="default"
          loading={save.isPending}
          disabled={clientId.trim() === provider.ownClientId}
        >
          {t('keep')}
        </Button>
      </Group>
      {save.error && <FaultMessage fault={save.error} />}
    </form>
  )
}

/** Goes in, never comes out. */
function ClientSecret({ provider, onChanged }: RegistrationProps) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const [secret, setSecret] = useState('')
  const save = useMutation({
    ...api.signIn.setSecret.mutationOptions(),
    onSuccess: () => {
      setSecret('')
      notifyDone(t('kept'))
      onChanged()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (secret !== '') save.mutate({ id: provider.id, secret })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <PasswordInput
          label={t('secret')}
          description={t(provider.hasSecret ? 'secretSet' : 'secretNotSet')}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          maxLength={1_000}
          autoComplete="off"
          flex="1 1 16rem"
          visibilityToggleButtonProps={{ 'aria-label': t('show') }}
        />
        <Button type="submit" variant="default" loading={save.isPending} disabled={secret === ''}>
          {t('keep')}
        </Button>
      </Group>
      {save.error && <FaultMessage fault={save.error} />}
    </form>
  )
}
