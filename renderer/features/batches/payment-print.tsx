import { Button, Text } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Money } from '../../components/money.tsx'
import { PrintArea } from '../../components/print-area.tsx'
import { SignatureLines } from '../../components/signature-lines.tsx'
import { useStateWord } from '../../components/state-badge.tsx'
import { usePrint } from '../../components/use-print.ts'
import type { PaymentPage } from './answers.ts'
import { useReasonWords } from './reason-words.ts'

/** Prints what this office can vouch for: a receipt of a payment that is paid, of any other one how it stands. */
export function PrintPayment({ page }: { page: PaymentPage }) {
  const { t } = useTranslation('batches')
  const [printing, setPrinting] = useState(false)
  return (
    <>
      <Button
        variant="default"
        size="xs"
        ms="auto"
        leftSection={<IconPrinter size={15} aria-hidden />}
        onClick={() => setPrinting(true)}
      >
        {t(page.payment.state === 'paid' ? 'receipt.print' : 'receipt.printStatement')}
      </Button>
      {printing && <PaymentPaper page={page} onDone={() => setPrinting(false)} />}
    </>
  )
}

function PaymentPaper({ page, onDone }: { page: PaymentPage; onDone: () => void }) {
  const { t } = useTranslation('batches')
  const word = useStateWord()
  const reasonWords = useReasonWords()
  usePrint(true, onDone)
  const { payment } = page
  const { currency } = payment
  const isPaid = payment.state === 'paid'
  const reason = isPaid ? '' : reasonWords(payment)
  const facts = [
    { name: t('columns.programme'), value: <bdi>{page.programmeName}</bdi> },
    { name: t('columns.cycle'), value: <bdi>{page.cycleName}</bdi> },
    { name: t('columns.payee'), value: payment.payeeName && <bdi>{payment.payeeName}</bdi> },
    { name: t('columns.holder'), value: <bdi>{payment.registrantName}</bdi> },
    {
      name: t('columns.address'),
      value: payment.payeeAddressHint && <bdi dir="ltr">{payment.payeeAddressHint}</bdi>,
    },
    isPaid
      ? {
          name: t('columns.amountPaid'),
          value: <Money minor={payment.amountPaid ?? payment.amount} currency={currency} fw={640} size="lg" />,
        }
      : { name: t('columns.amount'), value: <Money minor={payment.amount} currency={currency} /> },
    {
      name: t('columns.state'),
      value: (
        <Text fw={640} inherit>
          {word('payment', payment.state)}
        </Text>
      ),
    },
    ...(reason === '' ? [] : [{ name: t('columns.reason'), value: reason }]),
    { name: t('receipt.since'), value: <MomentText at={payment.stateAt} show="date" /> },
    { name: t('story.reference'), value: <bdi dir="ltr">{payment.id}</bdi> },
    ...(payment.theirReference === ''
      ? []
      : [{ name: t('receipt.theirReference'), value: <bdi dir="ltr">{payment.theirReference}</bdi> }]),
  ]
  const forOffice = { label: t('receipt.forOffice') }
  const placeAndDay = { label: t('print.placeAndDay') }
  return (
    <PrintArea
      title={t(isPaid ? 'receipt.title' : 'receipt.statement')}
      subtitle={t(isPaid ? 'receipt.meaning' : 'receipt.statementMeaning')}
    >
      <FactList facts={facts} />
      <SignatureLines
        lines={isPaid ? [{ label: t('receipt.receivedBy') }, forOffice, placeAndDay] : [forOffice, placeAndDay]}
      />
    </PrintArea>
  )
}
