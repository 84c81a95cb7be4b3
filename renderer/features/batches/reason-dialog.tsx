import { Text, Textarea } from '@mantine/core'
import { type ReactNode, useCallback, useState } from 'react'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'

interface ReasonRequest {
  title: string
  body: ReactNode
  /** What the reason is asked for: "Reason for returning it". */
  label: string
  confirmLabel: string
  dangerous?: boolean
  /** Longest reason, in characters. */
  maximum: number
  /** The deed also takes the PIN. */
  withPin?: boolean
  /** Does the deed; a fault is shown in the dialog. */
  run: (reason: string, pin: string) => Promise<unknown>
}

/** A deed that needs a reason, and perhaps the PIN. Use it through `useAskReason`. */
function ReasonDialog(props: ReasonRequest & { onClose: (done: boolean) => void }) {
  const { title, body, label, confirmLabel, dangerous = false, maximum, withPin = false, run, onClose } = props
  const [reason, setReason] = useState('')
  return (
    <DeedDialog
      title={title}
      confirmLabel={confirmLabel}
      dangerous={dangerous}
      ready={reason.trim() !== ''}
      pin={withPin ? 'last' : 'none'}
      run={async (pin) => {
        await run(reason.trim(), pin)
        onClose(true)
      }}
      onClose={() => onClose(false)}
    >
      <Text component="div">{body}</Text>
      <Textarea
        label={label}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={maximum}
        autosize
        minRows={2}
        required
        data-autofocus
      />
    </DeedDialog>
  )
}

/** Asks for a reason and does the deed with it. @returns whether it was done. */
export function useAskReason(): (request: ReasonRequest) => Promise<boolean> {
  const show = useDialog()
  return useCallback(
    async (request) => (await show<boolean>((close) => <ReasonDialog {...request} onClose={close} />)) ?? false,
    [show],
  )
}
