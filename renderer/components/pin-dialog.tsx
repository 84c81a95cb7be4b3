import { Text } from '@mantine/core'
import { type ReactNode, useCallback } from 'react'
import { DeedDialog } from './deed-dialog.tsx'
import { useDialog } from './dialogs.tsx'

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
function PinDialog<Outcome>({ title, body, confirmLabel, run, onClose }: PinDialogProps<Outcome>) {
  return (
    <DeedDialog
      title={title}
      confirmLabel={confirmLabel}
      pin="first"
      run={async (pin) => onClose({ value: await run(pin) })}
      onClose={() => onClose()}
    >
      <Text component="div">{body}</Text>
    </DeedDialog>
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
