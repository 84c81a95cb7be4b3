import { Button, Group, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Cycle } from '../../../shared/model/programme.ts'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MoneyField } from '../../components/money-field.tsx'

type CycleSettings = Pick<Cycle, 'name' | 'startDate' | 'endDate' | 'ceiling'>

interface CycleFormProps {
  title: string
  currency: string
  settings: CycleSettings
  /** @returns the cycle's id @throws OfficeFault, which is shown */
  onSubmit: (settings: CycleSettings) => Promise<string>
  onClose: (cycleId?: string) => void
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const dayText = (date: Date): string => date.toISOString().slice(0, 10)

/** The month after the latest cycle, or this month; named in the officer's language. */
export function nextCycle(cycles: readonly { readonly endDate: string }[], locale: string): CycleSettings {
  const latest = cycles
    .map(({ endDate }) => endDate)
    .sort()
    .at(-1)
  const now = latest === undefined ? new Date() : new Date(`${latest}T00:00:00Z`)
  const month = latest === undefined ? now.getMonth() : now.getUTCMonth() + 1
  const year = latest === undefined ? now.getFullYear() : now.getUTCFullYear()
  const first = new Date(Date.UTC(year, month, 1))
  const last = new Date(Date.UTC(year, month + 1, 0))
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(first)
  return { name, startDate: dayText(first), endDate: dayText(last), ceiling: null }
}

/** Name, dates and ceiling of a cycle. */
export function CycleForm({ title, currency, settings: before, onSubmit, onClose }: CycleFormProps) {
  const { t } = useTranslation('programmes')
  const [settings, setSettings] = useState(before)
  const [ceilingFine, setCeilingFine] = useState(true)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const { name, startDate, endDate } = settings
  const change = (part: Partial<CycleSettings>): void => setSettings((now) => ({ ...now, ...part }))
  const complete = name.trim() !== '' && DAY.test(startDate) && DAY.test(endDate) && ceilingFine
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!complete || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      onClose(await onSubmit(settings))
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={() => onClose()}
      title={
        <Text fw={640} size="lg">
          {title}
        </Text>
      }
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <TextInput
            label={t('fields.name')}
            value={name}
            onChange={(event) => change({ name: event.currentTarget.value })}
            maxLength={200}
            required
            data-autofocus
          />
          <SimpleGrid cols={2}>
            <TextInput
              type="date"
              label={t('fields.startDate')}
              value={startDate}
              onChange={(event) => change({ startDate: event.currentTarget.value })}
              required
            />
            <TextInput
              type="date"
              label={t('fields.endDate')}
              value={endDate}
              onChange={(event) => change({ endDate: event.currentTarget.value })}
              required
            />
          </SimpleGrid>
          <MoneyField
            label={t('fields.ceiling')}
            description={t('cycles.ceilingMeaning')}
            currency={currency}
            value={settings.ceiling}
            onChange={(ceiling) => {
              setCeilingFine(ceiling !== undefined)
              if (ceiling !== undefined) change({ ceiling })
            }}
            optional
          />
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose()} disabled={busy}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!complete}>
              {t('form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
