import { Alert, Button, Modal, Stack, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'

/** Walks the whole chain and says in words whether it is whole. */
export function Verification() {
  const { t } = useTranslation('audit')
  const api = useApi()
  const show = useDialog()
  const may = useMay('auditor', 'administrator')
  const verify = useMutation({
    mutationFn: () => api.audit.verify.ask(undefined),
    onSuccess: ({ checked, break: found }) =>
      show((close) => <Outcome checked={checked} found={found} onClose={() => close()} />),
    onError: notifyFault,
  })
  if (!may) return null
  return (
    <Button leftSection={<IconShieldCheck size={16} />} loading={verify.isPending} onClick={() => verify.mutate()}>
      {t('verify.run')}
    </Button>
  )
}

interface OutcomeProps {
  checked: number
  found: { readonly position: number; readonly kind: string } | null
  onClose: () => void
}

function Outcome({ checked, found, onClose }: OutcomeProps) {
  const { t } = useTranslation('audit')
  const format = useFormat()
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <Text fw={640} size="lg">
          {t('verify.title')}
        </Text>
      }
    >
      <Stack>
        {found === null ? (
          <Alert color="moss" role="status">
            {t('verify.whole', { count: checked, number: format.number(checked) })}
          </Alert>
        ) : (
          <FaultMessage
            fault={{ code: 'upkeep.audit-broken', params: { position: found.position, context: found.kind } }}
          />
        )}
        <Text c="dimmed">{t('verify.meaning')}</Text>
      </Stack>
    </Modal>
  )
}
