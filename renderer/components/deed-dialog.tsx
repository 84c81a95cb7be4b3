import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultOf } from '../api/office-fault.ts'
import { FaultMessage } from './fault-message.tsx'
import { PinField } from './pin-field.tsx'
import { findStepUp, StepUp } from './step-up.tsx'

interface DeedDialogProps {
  title: string
  confirmLabel: string
  dangerous?: boolean
  /** Whether the fields of the dialog are filled in; the PIN is looked after here. */
  ready?: boolean
  /** Whether the deed takes the PIN; `first` where there is nothing else to fill in. */
  pin?: 'none' | 'last' | 'first'
  /** What the PIN is asked for. */
  pinHint?: string
  /** Does the deed and closes the dialog; a fault is shown in it, and the PIN is asked again. */
  run: (pin: string) => Promise<void>
  onClose: () => void
  children: ReactNode
}

/** A deed that needs a few words or the PIN before it is done: what is asked, the fault when it went wrong, and the two ways out. */
export function DeedDialog(props: DeedDialogProps) {
  const { title, confirmLabel, dangerous = false, ready = true, pin: asks = 'last', pinHint, run, onClose } = props
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const wanted = fault === undefined ? undefined : findStepUp(faultOf(fault))
  const complete = ready && (asks === 'none' || pin !== '')

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!complete || busy) return
    setBusy(true)
    setFault(undefined)
    try {
      await run(pin)
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
          {props.children}
          {asks !== 'none' && (
            <PinField
              ref={field}
              value={pin}
              onChange={setPin}
              {...(pinHint === undefined ? {} : { description: pinHint })}
              {...(asks === 'first' ? { 'data-autofocus': true } : {})}
            />
          )}
          {fault && (wanted ? <StepUp fault={wanted} /> : <FaultMessage fault={fault} />)}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!complete} color={dangerous ? 'brick' : 'spruce'}>
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
