import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { DeedDialog } from '../../../components/deed-dialog.tsx'

interface WithdrawDialogProps {
  batchId: string
  /** How many payments were taken back. */
  onClose: (count?: number) => void
}

/** Takes files back that nobody ever had. */
export function WithdrawDialog({ batchId, onClose }: WithdrawDialogProps) {
  const { t } = useTranslation('files')
  const api = useApi()
  const [reason, setReason] = useState('')
  return (
    <DeedDialog
      title={t('withdraw.title')}
      confirmLabel={t('withdraw.action')}
      dangerous
      ready={reason.trim() !== ''}
      run={async (pin) => {
        const { payments } = await api.files.withdraw.run({ batchId, reason: reason.trim(), pin })
        onClose(payments)
      }}
      onClose={() => onClose()}
    >
      <Text>{t('withdraw.body')}</Text>
      <TextInput
        label={t('withdraw.why')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
      />
    </DeedDialog>
  )
}
