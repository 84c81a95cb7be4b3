import { Button, Group, NumberInput, Popover, Stack } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { OutboxRow } from './answers.ts'

const MINUTE = 60_000
const DAY = 1440

/** How often a recurring job runs; an administrator can slow it down. */
export function JobInterval({ job, onDone }: { job: OutboxRow; onDone: () => void }) {
  const { t } = useTranslation('outbox')
  const api = useApi()
  const format = useFormat()
  const may = useMay('administrator')
  const [opened, setOpened] = useState(false)
  const current = Math.max(1, Math.round((job.every ?? MINUTE) / MINUTE))
  const [minutes, setMinutes] = useState<number | string>(current)
  const change = useMutation({
    ...api.outbox.setInterval.mutationOptions(),
    onSuccess: () => {
      setOpened(false)
      onDone()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate({ jobId: job.id, minutes: Number(minutes) })
  }
  const words = t('every', { count: current, number: format.number(current) })
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withinPortal>
      <Popover.Target>
        <Button
          size="xs"
          variant="subtle"
          disabled={!may}
          leftSection={<IconClock size={14} />}
          onClick={() => setOpened((before) => !before)}
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack>
            <NumberInput
              label={t('interval.label')}
              description={t('interval.meaning')}
              min={1}
              max={DAY}
              allowDecimal={false}
              value={minutes}
              onChange={setMinutes}
            />
            {change.error && <FaultMessage fault={change.error} />}
            <Group justify="end">
              <Button type="submit" size="xs" loading={change.isPending}>
                {t('interval.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
