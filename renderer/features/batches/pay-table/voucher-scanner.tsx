import { Alert, Button, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconCameraOff } from '@tabler/icons-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultMessage } from '../../../components/fault-message.tsx'
import { watchForCode } from './camera-codes.ts'
import classes from './voucher-scanner.module.css'

interface VoucherScannerProps {
  /** Looks for whom the code stands; closes the dialog by itself when it found them. */
  onCode: (text: string) => Promise<void>
  onClose: () => void
}

/**
 * Reads a voucher's code with the camera. A scanner that types like a keyboard works too, and so does typing: the field
 * below has the cursor.
 */
export function VoucherScanner({ onCode, onClose }: VoucherScannerProps) {
  const { t } = useTranslation('pay-table')
  const video = useRef<HTMLVideoElement>(null)
  const [text, setText] = useState('')
  const [camera, setCamera] = useState<'starting' | 'on' | 'none'>('starting')
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()

  const look = async (code: string): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    try {
      await onCode(code)
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setText('')
    } finally {
      setBusy(false)
    }
  }
  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    if (video.current === null) return
    return watchForCode(video.current, {
      started: () => setCamera('on'),
      failed: () => setCamera('none'),
      read: (code) => latest.current(code),
    })
  }, [])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '' && !busy) void look(text.trim())
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <Text fw={640} size="lg">
          {t('scan.title')}
        </Text>
      }
    >
      <form onSubmit={submit}>
        <Stack>
          <div className={classes.frame} hidden={camera === 'none'}>
            {camera === 'starting' && <Loader className={classes.starting ?? ''} />}
            <video ref={video} muted playsInline aria-label={t('scan.picture')} />
          </div>
          {camera === 'none' && (
            <Alert color="slate" icon={<IconCameraOff size={18} />}>
              {t('scan.noCamera')}
            </Alert>
          )}
          <TextInput
            data-autofocus
            label={t('scan.typed')}
            description={t('scan.typedHint')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            dir="ltr"
          />
          {fault && <FaultMessage fault={fault} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={text.trim() === ''}>
              {t('scan.find')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
