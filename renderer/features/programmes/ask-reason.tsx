import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDialog } from '../../components/dialogs.tsx'

interface ReasonRequest {
  title: string
  body: ReactNode
  confirmLabel: string
  dangerous?: boolean
}

const LONGEST = 200

function ReasonDialog({
  title,
  body,
  confirmLabel,
  dangerous = false,
  onClose,
}: ReasonRequest & { onClose: (reason?: string) => void }) {
  const { t } = useTranslation('programmes')
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (reason.trim() !== '') onClose(reason.trim())
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
      <form onSubmit={submit}>
        <Stack>
          <Text component="div">{body}</Text>
          <Textarea
            label={t('reason.label')}
            description={t('reason.description')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={LONGEST}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose()}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" color={dangerous ? 'brick' : 'spruce'} disabled={reason.trim() === ''}>
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Asks why; undefined when the officer went back. */
export function useAskReason(): (request: ReasonRequest) => Promise<string | undefined> {
  const show = useDialog()
  return useCallback((request) => show<string>((close) => <ReasonDialog {...request} onClose={close} />), [show])
}
