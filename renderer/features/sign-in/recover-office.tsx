import { Anchor, Button, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { isRecoveryComplete, noRecovery, RecoveryFields } from './recovery-fields.tsx'

/** Opens the locked office with the key from the paper and gives it a new passphrase. */
export function RecoverOffice({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(noRecovery)
  const recover = useMutation({
    ...api.setup.recover.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
  const ready = isRecoveryComplete(draft)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) recover.mutate({ recoveryKey: draft.recoveryKey, newPassphrase: draft.next.passphrase })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>{t('recover.title')}</Title>
          <Text c="dimmed">{t('recover.subtitle')}</Text>
        </div>
        <RecoveryFields autoFocus value={draft} onChange={setDraft} />
        {recover.error && <FaultMessage fault={recover.error} onAction={onBack} />}
        <Button type="submit" size="md" loading={recover.isPending} disabled={!ready}>
          {t('recover.open')}
        </Button>
        <Anchor component="button" type="button" c="dimmed" onClick={onBack}>
          {t('recover.back')}
        </Anchor>
      </Stack>
    </form>
  )
}
