import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOpenOutside } from '../../../shared/rules/payment-life.ts'
import { useApi } from '../../api/provider.tsx'
import type { Selection } from '../../components/data-table/selection.ts'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { BatchPage, PaymentRow } from './answers.ts'
import { useAskReason } from './reason-dialog.tsx'
import { type PaymentFilter, useAllPayments } from './save-payments.ts'

interface ChosenPaymentsProps {
  batch: BatchPage['batch']
  filter: PaymentFilter
  selection: Selection
  onDone: () => void
}

type Deed = 'putAside' | 'hold' | 'release' | 'checkNow'

/** Payments of one command to put aside. */
const TOGETHER = 10_000
const HOLDABLE: ReadonlySet<PaymentRow['state']> = new Set<PaymentRow['state']>(['prepared', 'queued', 'unknown'])

/** What can be done with the chosen payments of a batch. */
export function ChosenPayments({ batch, filter, selection, onDone }: ChosenPaymentsProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const clerk = useMay('clerk')
  const holder = useMay('clerk', 'approver', 'administrator')
  const askReason = useAskReason()
  const readAll = useAllPayments()
  const [busy, setBusy] = useState<Deed>()
  const open = batch.state === 'open' || batch.state === 'returned' || batch.state === 'lapsed'
  const over = batch.state === 'settled' || batch.state === 'cancelled'

  const chosen = async (): Promise<PaymentRow[]> =>
    (await readAll(filter)).filter(({ id }) =>
      selection.mode === 'all' ? !selection.except.has(id) : selection.ids.has(id),
    )
  const doDeed = async (deed: Deed, run: (payments: PaymentRow[]) => Promise<number | undefined>): Promise<void> => {
    setBusy(deed)
    try {
      const count = await run(await chosen())
      if (count === undefined) return
      notifyDone(t(`chosen.${deed}Done`, { count, number: format.number(count) }))
      onDone()
    } catch (error) {
      notifyFault(error)
    } finally {
      setBusy(undefined)
    }
  }
  const putAside = async (payments: PaymentRow[]): Promise<number | undefined> => {
    const ids = payments.filter(({ state }) => state === 'prepared').map(({ id }) => id)
    if (ids.length === 0) return 0
    const done = await askReason({
      title: t('putAside.title', { count: ids.length, number: format.number(ids.length) }),
      body: t('putAside.body'),
      label: t('putAside.reason'),
      confirmLabel: t('putAside.confirm'),
      maximum: 200,
      run: async (reason) => {
        for (let from = 0; from < ids.length; from += TOGETHER) {
          const paymentIds = ids.slice(from, from + TOGETHER)
          await api.batches.putAside.run({ batchId: batch.id, paymentIds, reason })
        }
      },
    })
    return done ? ids.length : undefined
  }
  const hold = (held: boolean) => async (payments: PaymentRow[]) => {
    const affected = payments.filter((payment) => HOLDABLE.has(payment.state) && payment.held !== held)
    for (const { id } of affected) await api.dispatch.holdPayment.run({ paymentId: id, held })
    return affected.length
  }
  const checkNow = async (payments: PaymentRow[]) => {
    const asked = payments.filter(({ state }) => isOpenOutside(state))
    for (const { id } of asked) await api.dispatch.checkPayment.run({ paymentId: id })
    return asked.length
  }
  const button = (deed: Deed, run: (payments: PaymentRow[]) => Promise<number | undefined>) => (
    <Button
      key={deed}
      size="compact-sm"
      variant="light"
      loading={busy === deed}
      disabled={busy !== undefined && busy !== deed}
      onClick={() => void doDeed(deed, run)}
    >
      {t(`chosen.${deed}`)}
    </Button>
  )
  return (
    <>
      {open && clerk && button('putAside', putAside)}
      {!over && holder && button('hold', hold(true))}
      {!over && holder && button('release', hold(false))}
      {!open && button('checkNow', checkNow)}
    </>
  )
}
