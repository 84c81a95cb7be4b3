import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { PinField } from '../../components/pin-field.tsx'

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
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const ready = reason.trim() !== '' && (!withPin || pin !== '')

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await run(reason.trim(), pin)
      onClose(true)
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setPin('')
      setBusy(false)
    }
  }
  return (
    <Modal
      opened
      onClose={() => !busy && onClose(false)}
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
          {withPin && <PinField value={pin} onChange={setPin} />}
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose(false)} disabled={busy}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready} color={dangerous ? 'brick' : 'spruce'}>
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
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
