import { Button, Group, NumberInput, PasswordInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import type { CallbackStatus } from './answers.ts'

interface CallbackFormProps {
  status: CallbackStatus
  onSaved: () => void
}

/** Whether and where the office listens, and where it collects what came to the centre. */
export function CallbackForm({ status, onSaved }: CallbackFormProps) {
  const { t } = useTranslation('callbacks')
  const api = useApi()
  const askPin = useAskPin()
  const [draft, setDraft] = useState(status.settings)
  const [password, setPassword] = useState('')
  const change = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }))
  const changed = JSON.stringify(draft) !== JSON.stringify(status.settings) || password !== ''
  const { inbox } = draft
  const open = !draft.tls && draft.bindAddress !== '127.0.0.1'

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const done = await askPin({
      title: t('save'),
      body: t('saveMeaning'),
      confirmLabel: t('save'),
      run: async (pin) => {
        await api.callbacks.save.run({ settings: draft, pin })
        if (inbox !== null && password !== '') await api.callbacks.setInboxPassword.run({ password, pin })
      },
    })
    if (!done) return
    setPassword('')
    notifyDone(t('saved'))
    onSaved()
  }
  return (
    <Section title={t('receiver')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Switch
            label={t('on')}
            description={t('onMeaning')}
            checked={draft.on}
            onChange={(event) => change({ on: event.currentTarget.checked })}
          />
          <Group grow align="flex-start">
            <Select
              label={t('address')}
              description={t('addressMeaning')}
              value={draft.bindAddress}
              data={[...new Set([...status.addresses, draft.bindAddress])].map((address) => ({
                value: address,
                label: address === '127.0.0.1' ? t('thisMachine', { address }) : address,
              }))}
              onChange={(address) => address !== null && change({ bindAddress: address })}
              allowDeselect={false}
            />
            <NumberInput
              label={t('port')}
              description={t('portMeaning')}
              value={draft.port}
              onChange={(port) => change({ port: Number(port) })}
              min={1}
              max={65_535}
              allowDecimal={false}
            />
          </Group>
          <Switch
            label={t('tls')}
            description={t(status.hasCertificate ? 'tlsMeaning' : 'tlsNeedsCertificate')}
            checked={draft.tls}
            onChange={(event) => change({ tls: event.currentTarget.checked })}
          />
          {open && (
            <Text size="sm" c="ochre" role="alert">
              {t('notEncrypted')}
            </Text>
          )}
          <TextInput
            label={t('publicAddress')}
            description={t('publicAddressMeaning')}
            value={draft.publicAddress}
            onChange={(event) => change({ publicAddress: event.currentTarget.value.trim() })}
            maxLength={500}
            dir="ltr"
          />
          <Switch
            label={t('inbox')}
            description={t('inboxMeaning')}
            checked={inbox !== null}
            onChange={(event) => change({ inbox: event.currentTarget.checked ? { url: '', user: '' } : null })}
          />
          {inbox !== null && (
            <>
              <TextInput
                label={t('inboxUrl')}
                value={inbox.url}
                onChange={(event) => change({ inbox: { ...inbox, url: event.currentTarget.value.trim() } })}
                maxLength={500}
                dir="ltr"
                required
              />
              <Group grow align="flex-start">
                <TextInput
                  label={t('inboxUser')}
                  value={inbox.user}
                  onChange={(event) => change({ inbox: { ...inbox, user: event.currentTarget.value } })}
                  maxLength={200}
                  autoComplete="off"
                />
                <PasswordInput
                  label={t(status.hasInboxPassword ? 'inboxPasswordAgain' : 'inboxPassword')}
                  value={password}
                  onChange={(event) => setPassword(event.currentTarget.value)}
                  maxLength={1_000}
                  autoComplete="off"
                />
              </Group>
            </>
          )}
          <Group>
            <Button type="submit" disabled={!changed}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
