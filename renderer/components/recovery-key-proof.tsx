import { Button, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../api/provider.tsx'
import { FaultMessage } from './fault-message.tsx'
import { notifyDone } from './notify.tsx'
import { RecoveryKeyField } from './recovery-key-field.tsx'

/** The administrator types the newest recovery key back from its paper. */
export function RecoveryKeyProof({ onProven }: { onProven: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const [recoveryKey, setRecoveryKey] = useState('')
  const prove = useMutation({
    ...api.recovery.prove.mutationOptions(),
    onSuccess: () => {
      notifyDone(t('recovery.provenNow'))
      onProven()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (recoveryKey.trim() !== '') prove.mutate({ recoveryKey })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <RecoveryKeyField
          label={t('recovery.typeBack')}
          description={t('recovery.typeBackHint')}
          value={recoveryKey}
          onChange={setRecoveryKey}
        />
        {prove.error && <FaultMessage fault={prove.error} />}
        <Group>
          <Button type="submit" loading={prove.isPending} disabled={recoveryKey.trim() === ''}>
            {t('recovery.prove')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
