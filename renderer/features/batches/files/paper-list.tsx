import { Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PaymentSheet } from '../../../../shared/model/payment-sheet.ts'
import { Money } from '../../../components/money.tsx'
import { SignatureLines } from '../../../components/signature-lines.tsx'
import { useFormat } from '../../../i18n/format.ts'
import classes from './paper-list.module.css'

/** The list that payees sign when they are paid by hand, and below it who paid them out and who saw it. */
export function PaperList({ sheet }: { sheet: PaymentSheet }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  return (
    <>
      <Text mb="sm">
        {t('paper.sum', { count: sheet.count, number: format.number(sheet.count) })}{' '}
        <Money minor={sheet.sum} currency={sheet.currency} />
      </Text>
      <Table withTableBorder withColumnBorders className={classes.list ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('paper.number')}</Table.Th>
            <Table.Th>{t('paper.payee')}</Table.Th>
            <Table.Th ta="end">{t('paper.amount')}</Table.Th>
            <Table.Th className={classes.signature ?? ''}>{t('paper.signature')}</Table.Th>
            <Table.Th className={classes.witness ?? ''}>{t('paper.witness')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sheet.lines.map((line) => (
            <Table.Tr key={line.reference} className={classes.line ?? ''}>
              <Table.Td>{format.number(line.number)}</Table.Td>
              <Table.Td>
                <bdi>{line.payeeName}</bdi>
                <Text size="xs">
                  {t('paper.reference')} <bdi dir="ltr">{line.reference.slice(0, 8)}</bdi>
                </Text>
              </Table.Td>
              <Table.Td ta="end">
                <Money minor={line.amount} currency={sheet.currency} />
              </Table.Td>
              <Table.Td />
              <Table.Td />
            </Table.Tr>
          ))}
          <Table.Tr className={classes.signatures ?? ''}>
            <Table.Td colSpan={5}>
              <SignatureLines
                lines={(['paidOutBy', 'witnessedBy', 'placeAndDay'] as const).map((what) => ({
                  label: t(`paper.${what}`),
                }))}
              />
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </>
  )
}
