import { Alert, Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconQrcode } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayTableHead, PayTableRow } from '../../../../shared/contract/pay-table.ts'
import { useApi } from '../../../api/provider.tsx'
import { DeedDialog } from '../../../components/deed-dialog.tsx'
import { Money } from '../../../components/money.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { todayText } from '../../../i18n/today.ts'
import { useTickWords } from './tick-words.ts'

interface TickDialogProps {
  head: PayTableHead
  /** One or several who are ticked alike. */
  rows: readonly PayTableRow[]
  /** The one payee showed a voucher that is genuine. */
  voucherSeen: boolean
  onClose: (done?: true) => void
}

/** Payments of one command. */
const TOGETHER = 500

/** What happened at the table: collected or absent, who took the money, who saw it. */
export function TickDialog({ head, rows, voucherSeen, onClose }: TickDialogProps) {
  const { t } = useTranslation('pay-table')
  const api = useApi()
  const format = useFormat()
  const words = useTickWords()
  const [only] = rows
  const before = rows.length === 1 && only?.standing !== 'open' ? (only?.tick ?? undefined) : undefined
  const [entry, setEntry] = useState<'collected' | 'absent'>(before?.entry === 'absent' ? 'absent' : 'collected')
  const [by, setBy] = useState<'payee' | 'deputy'>(before?.by ?? 'payee')
  const [deputyName, setDeputyName] = useState(before?.deputyName ?? '')
  const [deputyRelation, setDeputyRelation] = useState(before?.deputyRelation ?? '')
  const [witness, setWitness] = useState(before?.witness ?? '')
  const [note, setNote] = useState(before?.note ?? '')
  const [day, setDay] = useState(before?.day ?? todayText)
  const alreadyHasIt = rows.every(({ standing }) => standing === 'collected')
  const deputy = entry === 'collected' && by === 'deputy' && rows.length === 1
  const said = {
    by: deputy ? ('deputy' as const) : ('payee' as const),
    deputyName: deputy ? deputyName : '',
    deputyRelation: deputy ? deputyRelation : '',
    witness,
    note,
    day,
    voucherSeen: voucherSeen || (before?.voucherSeen ?? false),
  }
  const write = async (what: 'collected' | 'absent' | 'taken-back'): Promise<void> => {
    for (let from = 0; from < rows.length; from += TOGETHER) {
      await api.payTable.tick.run({
        batchId: head.batchId,
        paymentIds: rows.slice(from, from + TOGETHER).map(({ paymentId }) => paymentId),
        tick: { ...said, entry: what },
      })
    }
    notifyDone(t(`tick.done.${what}`, { count: rows.length, number: format.number(rows.length) }))
    onClose(true)
  }
  return (
    <DeedDialog
      title={
        rows.length === 1
          ? t('tick.title', { name: only?.payeeName || only?.registrantName })
          : t('tick.titleMany', { count: rows.length, number: format.number(rows.length) })
      }
      confirmLabel={t(`tick.write.${entry}`)}
      pin="none"
      ready={
        !(alreadyHasIt && entry === 'collected') &&
        day !== '' &&
        day <= todayText() &&
        (!deputy || (deputyName.trim() !== '' && witness.trim() !== ''))
      }
      run={() => write(entry)}
      onClose={() => onClose()}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text c="dimmed" size="sm">
          {rows.length === 1 && only ? t('tick.line', { number: format.number(only.number) }) : t('tick.together')}
        </Text>
        <Text fw={640} size="lg">
          <Money minor={rows.reduce((sum, { amount }) => sum + amount, 0)} currency={head.currency} />
        </Text>
      </Group>
      {voucherSeen && (
        <Alert color="moss" icon={<IconQrcode size={18} />}>
          {t('tick.voucherGenuine')}
        </Alert>
      )}
      {alreadyHasIt && (
        <Alert color="ochre" icon={<IconAlertTriangle size={18} />}>
          {t('tick.alreadyHasIt')}
        </Alert>
      )}
      {before && (
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Text size="sm">{words(only as PayTableRow)}</Text>
          <Button
            size="compact-sm"
            variant="subtle"
            color="brick"
            onClick={() => void write('taken-back').catch(notifyFault)}
          >
            {t('tick.takeBack')}
          </Button>
        </Group>
      )}
      <SegmentedControl
        fullWidth
        data-autofocus
        aria-label={t('tick.what')}
        value={entry}
        onChange={(value) => setEntry(value === 'absent' ? 'absent' : 'collected')}
        data={[
          { value: 'collected', label: t('tick.collected') },
          { value: 'absent', label: t('tick.absent') },
        ]}
      />
      {entry === 'collected' && rows.length === 1 && (
        <Stack gap="xs">
          <SegmentedControl
            fullWidth
            aria-label={t('tick.who')}
            value={by}
            onChange={(value) => setBy(value === 'deputy' ? 'deputy' : 'payee')}
            data={[
              { value: 'payee', label: t('tick.payee') },
              { value: 'deputy', label: t('tick.deputy') },
            ]}
          />
          {by === 'deputy' && (
            <>
              <TextInput
                label={t('tick.deputyName')}
                value={deputyName}
                maxLength={200}
                required
                onChange={(event) => setDeputyName(event.currentTarget.value)}
              />
              <TextInput
                label={t('tick.deputyRelation')}
                description={t('tick.deputyRelationHint')}
                value={deputyRelation}
                maxLength={200}
                onChange={(event) => setDeputyRelation(event.currentTarget.value)}
              />
            </>
          )}
        </Stack>
      )}
      <TextInput
        label={t('tick.witness')}
        value={witness}
        maxLength={200}
        required={deputy}
        onChange={(event) => setWitness(event.currentTarget.value)}
      />
      <Textarea
        label={t('tick.note')}
        value={note}
        maxLength={500}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('tick.day')}
        value={day}
        max={todayText()}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
    </DeedDialog>
  )
}
