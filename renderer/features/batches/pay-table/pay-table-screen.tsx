import { Alert, Badge, Button, SimpleGrid, Tabs } from '@mantine/core'
import { IconCashBanknote, IconPrinter, IconUserCheck, IconUserOff, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import type { PayTableHead } from '../../../../shared/contract/pay-table.ts'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { Money } from '../../../components/money.tsx'
import { PageHeader } from '../../../components/page-header.tsx'
import { Screen } from '../../../components/screen.tsx'
import { StatCard } from '../../../components/stat-card.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { useMay } from '../../../state/session.ts'
import { ConfirmTab } from './confirm-tab.tsx'
import { TABLE_KINDS } from './table-rows.ts'
import { TickTab } from './tick-tab.tsx'

/** Where money or vouchers are handed out: the list is ticked off by one officer and confirmed by another. */
export function PayTableScreen() {
  const api = useApi()
  const { batchId = '' } = useParams()
  const head = useQuery(api.payTable.head.queryOptions({ batchId }, { kinds: TABLE_KINDS, keepPrevious: true }))
  return (
    <Screen>
      <Answer query={head}>{(answer) => <OpenTable head={answer} />}</Answer>
    </Screen>
  )
}

const tabs = ['tick', 'confirm', 'done'] as const

function OpenTable({ head }: { head: PayTableHead }) {
  const { t } = useTranslation('pay-table')
  const format = useFormat()
  const [search, setSearch] = useSearchParams()
  const may = useMay('clerk', 'approver')
  const tab = tabs.find((one) => one === search.get('tab')) ?? 'tick'
  const { totals, currency, obstacle, vouchers } = head
  const waiting = totals.collected.count + totals.absent.count
  const closed = obstacle !== null
  const mayPrint = may && obstacle !== 'pay-table.not-paid-by-hand'
  const printLabel = t(vouchers ? 'print.vouchers' : 'print.list')
  const sum = (of: keyof typeof totals) => <Money minor={totals[of].sum} currency={currency} />
  return (
    <div>
      <PageHeader
        title={t('title')}
        subtitle={
          <>
            <bdi>{head.name}</bdi> · <bdi>{head.programmeName}</bdi> · <bdi>{head.cycleName}</bdi>
          </>
        }
        back={{ to: `/batches/${head.batchId}`, label: head.name }}
        actions={
          mayPrint && (
            <Button
              component={Link}
              to={`/batches/${head.batchId}?tab=files`}
              variant={closed ? 'filled' : 'default'}
              leftSection={<IconPrinter size={16} />}
            >
              {printLabel}
            </Button>
          )
        }
      />
      {closed ? (
        <EmptyState icon={IconCashBanknote} title={t('closed')} description={t(`errors:${obstacle}`)} />
      ) : (
        <>
          <SimpleGrid cols={{ base: 2, md: 4 }} mb="md">
            <StatCard
              icon={IconUsers}
              label={t('figures.open')}
              value={format.number(totals.open.count)}
              detail={sum('open')}
            />
            <StatCard
              icon={IconUserCheck}
              label={t('figures.collected')}
              value={format.number(totals.collected.count)}
              detail={sum('collected')}
              tone={totals.collected.count > 0 ? 'attention' : 'plain'}
            />
            <StatCard
              icon={IconUserOff}
              label={t('figures.absent')}
              value={format.number(totals.absent.count)}
              detail={sum('absent')}
              tone={totals.absent.count > 0 ? 'attention' : 'plain'}
            />
            <StatCard
              icon={IconCashBanknote}
              label={t('figures.paid')}
              value={format.number(totals.paid.count)}
              detail={sum('paid')}
              tone="good"
            />
          </SimpleGrid>
          {head.confirmedBy !== '' && (
            <Alert color="ochre" mb="md">
              {t('errors:pay-table.settled-elsewhere', { office: head.confirmedBy })}
            </Alert>
          )}
          <Tabs
            value={tab}
            onChange={(next) => setSearch(next === null ? {} : { tab: next }, { replace: true })}
            keepMounted={false}
          >
            <Tabs.List mb="md">
              <Tabs.Tab value="tick">{t('tabs.tick')}</Tabs.Tab>
              <Tabs.Tab
                value="confirm"
                rightSection={
                  waiting > 0 && (
                    <Badge size="sm" color="ochre" variant="light">
                      {format.number(waiting)}
                    </Badge>
                  )
                }
              >
                {t('tabs.confirm')}
              </Tabs.Tab>
              <Tabs.Tab value="done">{t('tabs.done')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="tick">
              <TickTab head={head} standings={['open', 'collected', 'absent']} />
            </Tabs.Panel>
            <Tabs.Panel value="confirm">
              <ConfirmTab head={head} />
            </Tabs.Panel>
            <Tabs.Panel value="done">
              <TickTab head={head} standings={['settled']} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </div>
  )
}
