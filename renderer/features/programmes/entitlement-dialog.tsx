import { Anchor, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Cycle } from '../../../shared/model/programme.ts'
import { openForEntitlements } from '../../../shared/rules/entitlement-life.ts'
import { useApi } from '../../api/provider.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Money } from '../../components/money.tsx'
import { MoneyField } from '../../components/money-field.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { EntitlementRow } from './answers.ts'

interface EntitlementDialogProps {
  row: EntitlementRow
  cycle: Cycle
  currency: string
  onClose: () => void
}

/** One entitlement: how it stands, where its money is, and its amount while it is a draft. */
export function EntitlementDialog({ row, cycle, currency, onClose }: EntitlementDialogProps) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const api = useApi()
  const mayEdit = useMay('clerk') && row.state === 'draft' && openForEntitlements.includes(cycle.state)
  const [amount, setAmount] = useState<number | null | undefined>(row.amount)
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<Error>()
  const [busy, setBusy] = useState(false)
  const canSave = typeof amount === 'number' && amount !== row.amount && reason.trim() !== ''
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!canSave || typeof amount !== 'number') return
    setBusy(true)
    setFault(undefined)
    try {
      await api.programmes.entitlements.editAmount.run({
        id: row.id,
        basedOn: row.changedAt,
        amount,
        reason: reason.trim(),
      })
      notifyDone(t('entitlements.saved'))
      onClose()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }
  const { deceasedOn, enrolmentState } = row
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={
        <Text fw={640} size="lg">
          <bdi>{row.name}</bdi>
        </Text>
      }
    >
      <Stack>
        <FactList
          facts={[
            {
              name: t('fields.registrant'),
              value: (
                <Anchor component={Link} to={`/registrants/${row.registrantId}`} onClick={onClose}>
                  <bdi>{row.registryNumber || row.name}</bdi>
                </Anchor>
              ),
            },
            { name: t('fields.amount'), value: <Money minor={row.amount} currency={currency} /> },
            { name: t('fields.code'), value: <bdi>{row.code}</bdi> },
            { name: t('fields.entitlement'), value: <StateBadge kind="entitlement" state={row.state} /> },
            { name: t('fields.reason'), value: row.reason && codeSentence(t, row.reason) },
            {
              name: t('fields.enrolment'),
              value:
                deceasedOn !== null
                  ? t('enrolment.deceased', { day: format.day(deceasedOn) })
                  : enrolmentState && <StateBadge kind="enrolment" state={enrolmentState} />,
            },
            {
              name: t('fields.payment'),
              value: row.paymentState && row.paymentId && (
                <Group gap="xs">
                  <StateBadge kind="payment" state={row.paymentState} />
                  <Anchor component={Link} to={`/batches/payments/${row.paymentId}`} onClick={onClose}>
                    {t('entitlements.toPayment')}
                  </Anchor>
                </Group>
              ),
            },
            { name: t('fields.attempt'), value: row.attempt === null ? '' : format.number(row.attempt) },
            { name: t('fields.paymentReason'), value: row.paymentReason && codeSentence(t, row.paymentReason) },
            {
              name: t('fields.amountPaid'),
              value: row.amountPaid === null ? '' : <Money minor={row.amountPaid} currency={currency} />,
            },
          ]}
        />
        {row.paymentState === 'rejected' && cycle.state === 'approved' && (
          <Text>
            {t('entitlements.again')}{' '}
            <Anchor component={Link} to={`/batches/prepare/${cycle.id}`} onClick={onClose}>
              {t('steps.prepare')}
            </Anchor>
          </Text>
        )}
        {mayEdit && (
          <form onSubmit={(event) => void save(event)}>
            <Stack gap="sm">
              <MoneyField
                label={t('entitlements.newAmount')}
                currency={currency}
                value={row.amount}
                onChange={setAmount}
              />
              <TextInput
                label={t('reason.label')}
                value={reason}
                maxLength={200}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
              {fault && <FaultMessage fault={fault} />}
              <Group justify="flex-end">
                <Button type="submit" loading={busy} disabled={!canSave}>
                  {t('form.save')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Modal>
  )
}
