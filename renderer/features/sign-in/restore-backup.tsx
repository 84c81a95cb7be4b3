import { Alert, Anchor, Button, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconDatabaseImport } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Api } from '../../api/client.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useFormat } from '../../i18n/format.ts'
import { Choice } from './choice.tsx'
import { isRecoveryComplete, noRecovery, RecoveryFields } from './recovery-fields.tsx'

type Found = Awaited<ReturnType<Api['restore']['find']['ask']>>[number]

/** Brings an office back: where the backups lie, which of them, and what opens it. */
export function RestoreBackup({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const [place, setPlace] = useState('')
  const [chosen, setChosen] = useState<Found>()
  const find = useMutation({ mutationFn: (wanted: string) => api.restore.find.ask({ place: wanted }) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (place.trim() !== '') find.mutate(place.trim())
  }
  if (chosen) return <Opening backup={chosen} onBack={() => setChosen(undefined)} />
  return (
    <Stack>
      <div>
        <Title order={1}>{t('restore.title')}</Title>
        <Text c="dimmed">{t('restore.subtitle')}</Text>
      </div>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            autoFocus
            label={t('restore.place')}
            description={t('restore.placeHint')}
            value={place}
            onChange={(event) => setPlace(event.currentTarget.value)}
            maxLength={1_000}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
          {find.error && <FaultMessage fault={find.error} />}
          <Button type="submit" variant="default" loading={find.isPending} disabled={place.trim() === ''}>
            {t('restore.find')}
          </Button>
        </Stack>
      </form>
      {find.data && (
        <Stack gap="sm" role="group" aria-label={t('restore.found')}>
          {find.data.map((backup) => (
            <Choice
              key={backup.path}
              icon={IconDatabaseImport}
              title={<bdi>{backup.manifest.officeName}</bdi>}
              description={<Told backup={backup} />}
              onClick={() => setChosen(backup)}
            />
          ))}
        </Stack>
      )}
      <Anchor component="button" type="button" c="dimmed" onClick={onBack}>
        {t('restore.back')}
      </Anchor>
    </Stack>
  )
}

/** What the backup says about itself. */
function Told({ backup: { manifest } }: { backup: Found }) {
  const { t } = useTranslation('backups')
  const format = useFormat()
  const { madeAt, counts, bytes } = manifest
  return t('restore.facts', {
    when: format.moment(madeAt),
    registrants: format.number(counts.registrants),
    payments: format.number(counts.payments),
    size: format.fileSize(bytes),
  })
}

function Opening({ backup, onBack }: { backup: Found; onBack: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const queryClient = useQueryClient()
  const [way, setWay] = useState<'passphrase' | 'recoveryKey'>('passphrase')
  const [passphrase, setPassphrase] = useState('')
  const [draft, setDraft] = useState(noRecovery)
  const restore = useMutation({
    ...api.restore.run.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
  const ready = way === 'passphrase' ? passphrase !== '' : isRecoveryComplete(draft)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!ready) return
    const { recoveryKey, next } = draft
    const opener = way === 'passphrase' ? { passphrase } : { recoveryKey, newPassphrase: next.passphrase }
    restore.mutate({ path: backup.path, opener })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>
            <bdi>{backup.manifest.officeName}</bdi>
          </Title>
          <Text c="dimmed">
            <Told backup={backup} />
          </Text>
        </div>
        <Alert color="ochre" icon={<IconAlertTriangle size={18} />}>
          {t('restore.warning')}
        </Alert>
        <Text>{t('restore.opensWith')}</Text>
        <SegmentedControl
          value={way}
          onChange={(value) => setWay(value === 'recoveryKey' ? 'recoveryKey' : 'passphrase')}
          data={[
            { value: 'passphrase', label: t('restore.withPassphrase') },
            { value: 'recoveryKey', label: t('restore.withRecoveryKey') },
          ]}
        />
        {way === 'passphrase' ? (
          <PasswordInput
            label={t('restore.withPassphrase')}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
          />
        ) : (
          <RecoveryFields value={draft} onChange={setDraft} />
        )}
        <Text c="dimmed">{t('restore.after')}</Text>
        {restore.error && <FaultMessage fault={restore.error} />}
        <Button type="submit" size="md" loading={restore.isPending} disabled={!ready}>
          {t('restore.run')}
        </Button>
        <Anchor component="button" type="button" c="dimmed" onClick={onBack}>
          {t('restore.other')}
        </Anchor>
      </Stack>
    </form>
  )
}
