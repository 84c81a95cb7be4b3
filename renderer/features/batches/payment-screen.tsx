import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { PAYMENT_KINDS } from './payment-drawer.tsx'
import { PaymentStory } from './payment-story.tsx'

/** One payment on a page of its own, for links from elsewhere. */
export function PaymentScreen() {
  const { t } = useTranslation('batches')
  const api = useApi()
  const { paymentId = '' } = useParams()
  const payment = useQuery(api.batches.payment.queryOptions({ paymentId }, { kinds: PAYMENT_KINDS }))
  return (
    <Screen>
      <Answer query={payment}>
        {(page) => (
          <>
            <PageHeader
              title={t('story.of', { name: page.payment.registrantName })}
              subtitle={
                <>
                  <bdi>{page.programmeName}</bdi> · <bdi>{page.cycleName}</bdi>
                </>
              }
              {...(page.payment.batchId === ''
                ? { back: { to: '/batches', label: t('list.title') } }
                : { back: { to: `/batches/${page.payment.batchId}`, label: page.batchName } })}
            />
            <PaymentStory page={page} />
          </>
        )}
      </Answer>
    </Screen>
  )
}
