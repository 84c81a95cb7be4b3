import { Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Money } from '../../components/money.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { PrintArea } from '../../components/print-area.tsx'
import { SignatureLines } from '../../components/signature-lines.tsx'
import { useStateWord } from '../../components/state-badge.tsx'
import { usePrint } from '../../components/use-print.ts'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { useReasonWords } from './reason-words.ts'
import { useAllPayments } from './save-payments.ts'
import { SubmissionFacts } from './submission-facts.tsx'

/** The summary of a batch on paper: facts, approvals, sums by state, every payment. Opens the print window once it is read. */
export function BatchPrint({ page, onDone }: { page: BatchPage; onDone: () => void }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const word = useStateWord()
  const reasonWords = useReasonWords()
  const readAll = useAllPayments()
  const { batch } = page
  const payments = useQuery({
    queryKey: ['print', batch.id],
    queryFn: () => readAll({ batchId: batch.id }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const ready = payments.data !== undefined
  useEffect(() => {
    if (payments.error) {
      notifyFault(payments.error)
      onDone()
    }
  }, [payments.error, onDone])
  usePrint(ready, onDone)
  if (!ready) return null

  const latest = page.submissions.at(-1)
  const nameOf = (id: string): string => page.officers[id] ?? t('theOffice')
  const approvedBy = page.decisions
    .filter(({ submissionId, verdict }) => submissionId === latest?.id && verdict === 'approve')
    .map(({ officerId }) => nameOf(officerId))
  return (
    <PrintArea
      title={t('print.title', { batch: batch.name })}
      subtitle={`${page.programmeName} · ${page.cycleName} · ${word('batch', batch.state)}`}
    >
      {latest ? (
        <SubmissionFacts submission={latest} page={page} onPaper />
      ) : (
        <FactList
          facts={[
            { name: t('columns.programme'), value: <bdi>{page.programmeName}</bdi> },
            { name: t('columns.cycle'), value: <bdi>{page.cycleName}</bdi> },
            { name: t('submission.channel'), value: <bdi>{page.managerName}</bdi> },
            { name: t('submission.makers'), value: <bdi>{format.list(batch.makers.map(nameOf))}</bdi> },
            { name: t('figures.payments'), value: format.number(batch.count) },
            { name: t('figures.sum'), value: <Money minor={batch.sum} currency={batch.currency} /> },
            { name: t('tabs.approvals'), value: t('approvals.none') },
          ]}
        />
      )}
      <Title order={3} mt="md">
        {t('approvals.decisions')}
      </Title>
      {page.decisions.length === 0 && <Text>{t('approvals.noDecision')}</Text>}
      {page.decisions.map((decision) => (
        <Text key={decision.id}>
          {t(`approvals.${decision.verdict}`)}: <bdi>{nameOf(decision.officerId)}</bdi>,{' '}
          <MomentText at={decision.decidedAt} show="date" />
          {decision.reason !== '' && <> — {decision.reason}</>}
        </Text>
      ))}
      <Title order={3} mt="md">
        {t('figures.chart')}
      </Title>
      <Table withTableBorder withColumnBorders>
        <Table.Tbody>
          {page.totals.map(({ state, count, sum }) => (
            <Table.Tr key={state}>
              <Table.Td>{word('payment', state)}</Table.Td>
              <Table.Td ta="end">{format.number(count)}</Table.Td>
              <Table.Td ta="end">
                <Money minor={sum} currency={batch.currency} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={3} mt="md">
        {t('payments.title')}
      </Title>
      <Table withTableBorder withColumnBorders fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('print.number')}</Table.Th>
            <Table.Th>{t('columns.payee')}</Table.Th>
            <Table.Th>{t('columns.holder')}</Table.Th>
            <Table.Th>{t('columns.address')}</Table.Th>
            <Table.Th ta="end">{t('columns.amount')}</Table.Th>
            <Table.Th>{t('columns.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {payments.data.map((payment, index) => (
            <Table.Tr key={payment.id}>
              <Table.Td>{format.number(index + 1)}</Table.Td>
              <Table.Td>
                <bdi>{payment.payeeName}</bdi>
              </Table.Td>
              <Table.Td>
                <bdi>{payment.registrantName}</bdi>
              </Table.Td>
              <Table.Td>
                <bdi dir="ltr">{payment.payeeAddressHint}</bdi>
              </Table.Td>
              <Table.Td ta="end">
                <Money minor={payment.amount} currency={payment.currency} />
              </Table.Td>
              <Table.Td>
                {word('payment', payment.state)}
                {payment.state === 'rejected' && <> — {reasonWords(payment)}</>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <SignatureLines
        lines={[
          { label: t('print.preparedBy'), name: format.list((latest?.makers ?? batch.makers).map(nameOf)) },
          { label: t('print.approvedBy'), name: format.list(approvedBy) },
          { label: t('print.placeAndDay') },
        ]}
      />
    </PrintArea>
  )
}
