import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import i18next from 'i18next'
import { faultOf } from '../api/office-fault.ts'
import { faultSentence } from '../i18n/fault-sentence.ts'

/** Says that something was done. `message` is already translated. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'moss', icon: <IconCheck size={16} />, autoClose: 4_000 })
}

/** Says what went wrong, for things that happen away from the place where a `<FaultMessage>` could stand. */
export function notifyFault(thrown: unknown): void {
  const message = faultSentence(i18next.t, faultOf(thrown))
  notifications.show({ message, color: 'brick', icon: <IconAlertTriangle size={16} />, autoClose: 12_000 })
}

/** Seconds in which "Undo" can be pressed. */
const UNDO_FOR = 10

/** Says what was done and offers to take it back. `undo` runs the command that does; its faults are shown. */
export function notifyUndo(message: string, undo: () => Promise<unknown>): void {
  const id = notifications.show({
    color: 'spruce',
    autoClose: UNDO_FOR * 1_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="md">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id)
            undo().catch(notifyFault)
          }}
        >
          {i18next.t('undo')}
        </Button>
      </Group>
    ),
  })
}
