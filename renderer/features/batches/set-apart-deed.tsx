import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useMay } from '../../state/session.ts'
import type { PaymentPage } from './answers.ts'

/** What can be done about a payment that was not sent since its account had changed. */
export function SetApartDeed({ payment }: { payment: Pick<PaymentPage['payment'], 'id' | 'cycleId'> }) {
  const { t } = useTranslation('batches')
  const api = useApi()
  const may = useMay('clerk', 'approver', 'administrator')
  const leaveOut = useMutation({
    ...api.dispatch.leaveOut.mutationOptions(),
    onSuccess: () => notifyDone(t('deed.leftOut')),
  })
  return (
    <Alert color="ochre">
      <Stack gap="xs">
        <Text>{t('deed.seeToWhy')}</Text>
        {leaveOut.error && <FaultMessage fault={leaveOut.error} />}
        {may && (
          <Group gap="xs">
            <Button size="xs" component={Link} to={`/batches/prepare/${payment.cycleId}`}>
              {t('deed.seeTo')}
            </Button>
            <Button
              size="xs"
              variant="default"
              loading={leaveOut.isPending}
              onClick={() => leaveOut.mutate({ paymentId: payment.id })}
            >
              {t('deed.leaveOut')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}
