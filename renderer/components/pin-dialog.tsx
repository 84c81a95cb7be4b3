import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type FormEvent, type ReactNode, useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDialog } from './dialogs.tsx'
import { FaultMessage } from './fault-message.tsx'
import { PinField } from './pin-field.tsx'

interface PinRequest<Outcome> {
  title: string
  /** What the PIN stands for: count, sum, programme. */
  body: ReactNode
  confirmLabel: string
  /** Does the deed with the PIN; a fault is shown in the dialog, the PIN is cleared and asked again. */
  run: (pin: string) => Promise<Outcome>
}

interface PinDialogProps<Outcome> extends PinRequest<Outcome> {
  onClose: (outcome?: { value: Outcome }) => void
}

/** Asks the officer's PIN again before approvals and sending. Use it through `useAskPin`. */
export function PinDialog<Outcome>({ title, body, confirmLabel, run, onClose }: PinDialogProps<Outcome>) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (pin === '' || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      onClose({ value: await run(pin) })
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setPin('')
      setBusy(false)
      field.current?.focus()
    }
  }
  return (
    <Modal
      opened
      onClose={() => !busy && onClose()}
      closeOnClickOutside={false}
      title={
        <Text fw={640} size="lg">
          {title}
        </Text>
      }
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text component="div">{body}</Text>
          <PinField ref={field} data-autofocus value={pin} onChange={setPin} />
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose()} disabled={busy}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={pin === ''}>
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/**
 * Asks the PIN and does the deed with it:
 * `const done = await askPin({ title, body, confirmLabel, run: (pin) => api.batches.approve.run({ …, pin }) })`.
 * @returns the deed's outcome as `{ value }`, or undefined when the officer went back.
 */
export function useAskPin(): <Outcome>(request: PinRequest<Outcome>) => Promise<{ value: Outcome } | undefined> {
  const show = useDialog()
  return useCallback(
    <Outcome,>(request: PinRequest<Outcome>) =>
      show<{ value: Outcome }>((close) => <PinDialog {...request} onClose={close} />),
    [show],
  )
}
