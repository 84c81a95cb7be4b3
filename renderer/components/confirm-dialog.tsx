import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type ReactNode, useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useDialog } from './dialogs.tsx'

interface Confirmation {
  title: string
  /** What will happen, with counts and sums. */
  body: ReactNode
  /** The deed itself, as a verb: "Exit 12 registrants". */
  confirmLabel: string
  /** It takes something away: the button turns red and is not focused first. */
  dangerous?: boolean
}

interface ConfirmDialogProps extends Confirmation {
  onClose: (confirmed: boolean) => void
}

/** A question before a deed. Use it through `useConfirm`. */
export function ConfirmDialog({ title, body, confirmLabel, dangerous = false, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={
        <Text fw={640} size="lg">
          {title}
        </Text>
      }
    >
      <Stack>
        <Text component="div">{body}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onClose(false)} data-autofocus={dangerous || undefined}>
            {t('cancel')}
          </Button>
          <Button
            color={dangerous ? 'brick' : 'spruce'}
            onClick={() => onClose(true)}
            data-autofocus={dangerous ? undefined : true}
          >
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** `if (await confirm({ title, body, confirmLabel })) …` */
export function useConfirm(): (confirmation: Confirmation) => Promise<boolean> {
  const show = useDialog()
  return useCallback(
    async (confirmation) =>
      (await show<boolean>((close) => <ConfirmDialog {...confirmation} onClose={close} />)) ?? false,
    [show],
  )
}
