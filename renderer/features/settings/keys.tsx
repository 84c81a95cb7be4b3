import { Alert, Button, Group, List, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { isPassphraseComplete, noPassphrase, PassphraseTwice } from '../../components/passphrase-twice.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { PinField } from '../../components/pin-field.tsx'
import { RecoveryKeyField } from '../../components/recovery-key-field.tsx'
import { RecoveryKeyShown } from '../../components/recovery-key-shown.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import type { KeysStatus } from './answers.ts'

/** Where the key of the office's data lies, and how it gets another one. */
export function Keys() {
  const { t } = useTranslation('keys')
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.keys.status.queryOptions())
  return (
    <Answer query={query}>
      {(status) =>
        status.by === 'none' ? (
          <Section title={t('where.title')}>
            <Text>{t('training')}</Text>
          </Section>
        ) : (
          <>
            <Where status={status} may={may} onChanged={() => void query.refetch()} />
            {may && <Replace byPassphrase={status.by === 'passphrase'} />}
          </>
        )
      }
    </Answer>
  )
}

function Where({ status, may, onChanged }: { status: KeysStatus; may: boolean; onChanged: () => void }) {
  const { t } = useTranslation('keys')
  const api = useApi()
  const askPin = useAskPin()
  const show = useDialog()
  const { by, backEnd, available } = status
  const nameOf = (store: string): string => t(`store.${store}`, { defaultValue: store })
  const moveToStore = async (): Promise<void> => {
    const done = await askPin({
      title: t('where.useStore'),
      body: t('where.useStoreMeaning'),
      confirmLabel: t('where.useStore'),
      run: (pin) => api.keys.useKeyStore.run({ pin }),
    })
    if (done === undefined) return
    notifyDone(t('where.storeUsed'))
    onChanged()
  }
  const setPassphrase = async (): Promise<void> => {
    await show<true>((close) => <PassphraseDialog onClose={() => close(true)} />)
    onChanged()
  }
  return (
    <Section title={t('where.title')} description={t('where.meaning')}>
      <Stack>
        <Text fw={600}>
          {by === 'key-store' ? t('where.byStore', { store: nameOf(backEnd ?? '') }) : t('where.byPassphrase')}
        </Text>
        {by === 'passphrase' && available === null && <Text c="dimmed">{t('where.noStore')}</Text>}
        {may && (
          <Group>
            {by === 'passphrase' && available !== null && (
              <Button variant="default" onClick={() => void moveToStore()}>
                {t('where.useStore')}
              </Button>
            )}
            <Button variant="default" onClick={() => void setPassphrase()}>
              {t(by === 'passphrase' ? 'where.newPassphrase' : 'where.usePassphrase')}
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  )
}

function PassphraseDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('keys')
  const api = useApi()
  const [next, setNext] = useState(noPassphrase)
  const run = async (pin: string): Promise<void> => {
    await api.keys.setPassphrase.run({ pin, passphrase: next.passphrase })
    notifyDone(t('where.passphraseSet'))
    onClose()
  }
  return (
    <DeedDialog
      title={t('where.newPassphrase')}
      confirmLabel={t('where.setPassphrase')}
      ready={isPassphraseComplete(next)}
      run={run}
      onClose={onClose}
    >
      <Text>{t('where.passphraseMeaning')}</Text>
      <PassphraseTwice label={t('where.newPassphrase')} labelAgain={t('where.again')} value={next} onChange={setNext} />
    </DeedDialog>
  )
}

/** A new key for the store, and with it a new recovery key, which is typed back before anything is replaced. */
function Replace({ byPassphrase }: { byPassphrase: boolean }) {
  const { t } = useTranslation('keys')
  const api = useApi()
  const askPin = useAskPin()
  // Kept nowhere else: whoever leaves this page begins again.
  const [shown, setShown] = useState<string>()
  const begin = async (): Promise<void> => {
    const made = await askPin({
      title: t('replace.title'),
      body: <Meaning />,
      confirmLabel: t('replace.begin'),
      run: (pin) => api.keys.prepareReplacement.run({ pin }),
    })
    if (made !== undefined) setShown(made.value.text)
  }
  return (
    <Section
      title={t('replace.title')}
      description={t('replace.meaning')}
      actions={
        shown === undefined && (
          <Button variant="default" onClick={() => void begin()}>
            {t('replace.begin')}
          </Button>
        )
      }
    >
      {shown === undefined ? (
        <Meaning />
      ) : (
        <Stack>
          <RecoveryKeyShown text={shown} />
          <ReplaceForm byPassphrase={byPassphrase} onBack={() => setShown(undefined)} />
        </Stack>
      )}
    </Section>
  )
}

function Meaning() {
  const { t } = useTranslation('keys')
  const lines = ['recoveryKey', 'backups', 'officers', 'closes'] as const
  return (
    <List>
      {lines.map((line) => (
        <List.Item key={line}>{t(`replace.what.${line}`)}</List.Item>
      ))}
    </List>
  )
}

function ReplaceForm({ byPassphrase, onBack }: { byPassphrase: boolean; onBack: () => void }) {
  const { t } = useTranslation('keys')
  const api = useApi()
  const queryClient = useQueryClient()
  const [recoveryKey, setRecoveryKey] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [pin, setPin] = useState('')
  const replace = useMutation({
    ...api.keys.replace.mutationOptions(),
    onSuccess: (status) => {
      notifyDone(t('replace.done'))
      queryClient.setQueryData(api.setup.status.queryKey(), status)
    },
    onError: () => setPin(''),
  })
  const ready = recoveryKey.trim() !== '' && pin !== '' && (!byPassphrase || passphrase !== '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) replace.mutate({ recoveryKey, passphrase, pin })
  }
  return (
    <form onSubmit={submit}>
      <Stack maw={560}>
        <RecoveryKeyField
          label={t('backups:recovery.typeBack')}
          description={t('backups:recovery.typeBackHint')}
          value={recoveryKey}
          onChange={setRecoveryKey}
        />
        {byPassphrase && (
          <PasswordInput
            label={t('replace.passphrase')}
            description={t('replace.passphraseHint')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
          />
        )}
        <PinField value={pin} onChange={setPin} />
        <Alert color="ochre">{t('replace.what.closes')}</Alert>
        {replace.error && <FaultMessage fault={replace.error} />}
        <Group>
          <Button type="submit" loading={replace.isPending} disabled={!ready}>
            {t('replace.run')}
          </Button>
          <Button variant="subtle" onClick={onBack} disabled={replace.isPending}>
            {t('common:cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
