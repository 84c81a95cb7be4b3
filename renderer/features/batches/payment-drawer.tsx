import { Drawer, Text, useDirection } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { PaymentStory } from './payment-story.tsx'

export const PAYMENT_KINDS = ['payment', 'observation', 'delivery', 'submission', 'batch']

/** One payment beside its batch. */
export function PaymentDrawer({ batchId }: { batchId: string }) {
  const { t } = useTranslation('batches')
  const api = useApi()
  const navigate = useNavigate()
  const { search } = useLocation()
  const { dir } = useDirection()
  const { paymentId = '' } = useParams()
  const payment = useQuery(api.batches.payment.queryOptions({ paymentId }, { kinds: PAYMENT_KINDS }))
  return (
    <Drawer
      opened
      position={dir === 'rtl' ? 'left' : 'right'}
      size="lg"
      onClose={() => void navigate({ pathname: `/batches/${batchId}`, search })}
      title={
        <Text fw={640} size="lg">
          {t('story.title')}
        </Text>
      }
    >
      <Answer query={payment}>{(page) => <PaymentStory page={page} inBatch />}</Answer>
    </Drawer>
  )
}
