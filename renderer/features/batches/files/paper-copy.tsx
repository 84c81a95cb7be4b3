import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PaymentSheet } from '../../../../shared/model/payment-sheet.ts'
import { readVoucher, spokenCheck } from '../../../../shared/rules/payment-file/voucher.ts'
import { FactList } from '../../../components/fact-list.tsx'
import { Money } from '../../../components/money.tsx'
import { PrintArea } from '../../../components/print-area.tsx'
import { usePrint } from '../../../components/use-print.ts'
import { useFormat } from '../../../i18n/format.ts'
import type { FileCopy } from './answers.ts'
import { sheetOf } from './copy-dialog.tsx'
import classes from './paper-copy.module.css'
import { PaperList } from './paper-list.tsx'
import { QrCode } from './qr-code.tsx'

/** A copy of a list or of vouchers on paper, with its number on it. Opens the print window once it is laid out. */
export function PaperCopy({ copy, onDone }: { copy: FileCopy; onDone: () => void }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const sheet = sheetOf(copy)
  usePrint(true, onDone)
  return (
    <PrintArea
      title={t(`paper.${sheet.form}`)}
      subtitle={
        <>
          <bdi>{sheet.programme}</bdi> · <bdi>{sheet.cycle}</bdi> ·{' '}
          {t('paper.copy', { number: format.number(copy.number) })} · <bdi dir="ltr">{sheet.name}</bdi>
        </>
      }
    >
      {sheet.note !== '' && <Text>{sheet.note}</Text>}
      {sheet.form === 'list' ? <PaperList sheet={sheet} /> : <Vouchers sheet={sheet} number={copy.number} />}
    </PrintArea>
  )
}

function Vouchers({ sheet, number }: { sheet: PaymentSheet; number: number }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const { configuration, validUntil } = sheet
  const fields = new Set(configuration?.fields ?? [])
  const isPerPayment = configuration?.rendering === 'per-payment'
  return (
    <div className={classes.vouchers}>
      {sheet.lines.map((line) => {
        const facts = [
          ...(fields.has('programme') ? [{ name: t('voucher.programme'), value: <bdi>{sheet.programme}</bdi> }] : []),
          ...(fields.has('cycle') ? [{ name: t('voucher.cycle'), value: <bdi>{sheet.cycle}</bdi> }] : []),
          ...(fields.has('payee') ? [{ name: t('voucher.payee'), value: <bdi>{line.payeeName}</bdi> }] : []),
          ...(fields.has('amount')
            ? [{ name: t('voucher.amount'), value: <Money minor={line.amount} currency={sheet.currency} /> }]
            : []),
          ...(fields.has('validUntil') && validUntil !== null
            ? [{ name: t('voucher.validUntil'), value: format.day(validUntil) }]
            : []),
        ]
        return (
          <section key={line.reference} className={isPerPayment ? classes.page : classes.voucher}>
            <div className={classes.words}>
              <FactList facts={facts} />
              {fields.has('reference') && (
                <Text size="xs">
                  {t('voucher.reference')}: <bdi dir="ltr">{line.reference}</bdi>
                </Text>
              )}
              {fields.has('note') && configuration !== null && configuration.note !== '' && (
                <Text size="xs">{configuration.note}</Text>
              )}
              <Text size="xs">
                {t('paper.copy', { number: format.number(number) })} · {format.number(line.number)}
              </Text>
            </div>
            <div>
              <QrCode text={line.voucher} label={t('voucher.code')} />
              <Text size="xs" ta="center">
                <bdi dir="ltr">{spokenCheck(readVoucher(line.voucher)?.check ?? '')}</bdi>
              </Text>
            </div>
          </section>
        )
      })}
    </div>
  )
}
