import { Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { isPassphraseComplete, noPassphrase, PassphraseTwice } from './passphrase-twice.tsx'

/** Opens the locked office with the key from the paper and gives it a new passphrase. */
export function RecoverOffice({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const queryClient = useQueryClient()
  const [recoveryKey, setRecoveryKey] = useState('')
  const [draft, setDraft] = useState(noPassphrase)
  const recover = useMutation({
    ...api.setup.recover.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.setup.status.queryKey(), status),
  })
  const ready = recoveryKey.trim() !== '' && isPassphraseComplete(draft)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) recover.mutate({ recoveryKey, newPassphrase: draft.passphrase })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Title order={1}>{t('recover.title')}</Title>
          <Text c="dimmed">{t('recover.subtitle')}</Text>
        </div>
        <TextInput
          autoFocus
          label={t('recover.key')}
          description={t('recover.keyHint')}
          value={recoveryKey}
          onChange={(event) => setRecoveryKey(event.currentTarget.value)}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
        <PassphraseTwice
          label={t('recover.newPassphrase')}
          labelAgain={t('recover.again')}
          value={draft}
          onChange={setDraft}
        />
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
