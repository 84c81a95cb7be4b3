import { Anchor, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { MomentText } from '../../../components/moment-text.tsx'
import { Money } from '../../../components/money.tsx'
import { Section } from '../../../components/section.tsx'
import { StateBadge } from '../../../components/state-badge.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { useFormat } from '../../../i18n/format.ts'
import type { RecordPage } from '../answers.ts'

/** The programmes of a registrant. */
export function EnrolmentsSection({ page: { enrolments } }: { page: RecordPage }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  return (
    <Section title={t('record.enrolments')}>
      {enrolments.length === 0 && <Text c="dimmed">{t('record.noEnrolments')}</Text>}
      {enrolments.length > 0 && (
        <Table>
          <Table.Tbody>
            {enrolments.map(({ enrolment, programme }) => (
              <Table.Tr key={enrolment.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/programmes/${enrolment.programmeId}`}>
                    <bdi>{programme}</bdi>
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <StateBadge kind="enrolment" state={enrolment.state} />
                </Table.Td>
                <Table.Td>{format.day(enrolment.enrolledOn)}</Table.Td>
                <Table.Td>{enrolment.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}

/** Every payment of a registrant, as the one who is entitled or as the one who is paid; newest first. */
export function PaymentsSection({ page: { view, payments, paymentCount } }: { page: RecordPage }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  return (
    <Section
      title={t('record.payments')}
      description={
        paymentCount > payments.length
          ? t('payments.newest', { shown: format.number(payments.length), total: format.number(paymentCount) })
          : undefined
      }
    >
      {payments.length === 0 && <Text c="dimmed">{t('payments.none')}</Text>}
      {payments.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('payments.cycle')}</Table.Th>
              <Table.Th>{t('payments.amount')}</Table.Th>
              <Table.Th>{t('payments.state')}</Table.Th>
              <Table.Th>{t('payments.role')}</Table.Th>
              <Table.Th>{t('payments.when')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {payments.map((payment) => (
              <Table.Tr key={payment.id}>
                <Table.Td>
                  <bdi>{[payment.programme, payment.cycle].filter(Boolean).join(' · ')}</bdi>
                </Table.Td>
                <Table.Td>
                  <Money minor={payment.amount} currency={payment.currency} />
                </Table.Td>
                <Table.Td>
                  <StateBadge kind="payment" state={payment.state} />
                  {payment.reasonCode !== '' && (
                    <Text size="sm" c="dimmed">
                      {codeSentence(t, payment.reasonCode)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {payment.registrantId === view.id
                    ? payment.payeeId === view.id || payment.payeeId === ''
                      ? t('payments.own')
                      : t('payments.paidTo', { name: payment.payeeName })
                    : t('payments.paidFor', { name: payment.registrantName })}
                </Table.Td>
                <Table.Td>
                  <MomentText at={payment.stateAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}
