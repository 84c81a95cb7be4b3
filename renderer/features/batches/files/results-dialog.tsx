import { Alert, Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { FaultMessage } from '../../../components/fault-message.tsx'
import { FileDrop } from '../../../components/file-drop.tsx'
import { MomentText } from '../../../components/moment-text.tsx'
import { useAskPin } from '../../../components/pin-dialog.tsx'
import { ProgressPanel } from '../../../components/progress-panel.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { ResultsPreview } from './answers.ts'

const LARGEST = 20_000_000
/** Bytes of one piece; base64 makes a third more of it. */
const PIECE = 900_000

async function toBase64(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

interface ResultsDialogProps {
  batchId: string
  /** About how many payments something was written. */
  onClose: (changed?: number) => void
}

/** Brings a file of results in: first shown, then taken in by the officer's word. */
export function ResultsDialog({ batchId, onClose }: ResultsDialogProps) {
  const { t } = useTranslation('files')
  const api = useApi()
  const askPin = useAskPin()
  const [reading, setReading] = useState<{ done: number; size: number }>()
  const [shown, setShown] = useState<ResultsPreview>()
  const [fault, setFault] = useState<Error>()
  const upload = useRef<string>(undefined)

  const discard = (): void => {
    const uploadId = upload.current
    upload.current = undefined
    // Nothing depends on it: what is left lies sealed until the office closes.
    if (uploadId !== undefined) void api.files.discardResults.run({ uploadId }).catch(() => undefined)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the dialog goes
  useEffect(() => discard, [])

  const read = async (file: File): Promise<void> => {
    discard()
    setFault(undefined)
    setShown(undefined)
    setReading({ done: 0, size: file.size })
    try {
      const { uploadId } = await api.files.beginResults.run({ fileName: file.name.slice(0, 200), size: file.size })
      upload.current = uploadId
      for (let sent = 0, piece = 0; sent < file.size; sent += PIECE, piece++) {
        const content = await toBase64(file.slice(sent, sent + PIECE))
        await api.files.appendResults.run({ uploadId, piece, content })
        setReading({ done: Math.min(file.size, sent + PIECE), size: file.size })
      }
      setShown(await api.files.previewResults.run({ batchId, uploadId }))
    } catch (error) {
      setFault(asError(error))
    } finally {
      setReading(undefined)
    }
  }
  const apply = async ({ digest, payments }: ResultsPreview): Promise<void> => {
    const uploadId = upload.current
    if (uploadId === undefined) return
    const done = await askPin({
      title: t('results.confirmTitle'),
      body: t('results.confirmBody', { count: payments.paid, rejected: payments.rejected, review: payments.review }),
      confirmLabel: t('results.take'),
      run: (pin) => api.files.applyResults.run({ batchId, uploadId, digest, pin }),
    })
    if (!done) return
    upload.current = undefined
    onClose(done.value.changed)
  }
  const news = shown === undefined ? 0 : shown.payments.paid + shown.payments.rejected + shown.payments.review
  return (
    <Modal opened onClose={() => onClose()} size="lg" closeOnClickOutside={false} title={t('results.action')}>
      <Stack>
        {reading === undefined ? (
          <FileDrop
            label={t('results.choose')}
            endings={['.csv', '.txt', '.xlsx', '.xml']}
            limit={LARGEST}
            onFile={(file) => void read(file)}
          />
        ) : (
          <ProgressPanel title={t('results.reading')} done={reading.done} total={reading.size} detail={null} />
        )}
        {fault && <FaultMessage fault={fault} />}
        {shown && <Preview shown={shown} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onClose()}>
            {t('results.leave')}
          </Button>
          {shown && shown.known === null && (
            <Button onClick={() => void apply(shown)} disabled={news === 0}>
              {t('results.take')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

const OUTCOMES = ['paid', 'rejected', 'review', 'waiting', 'unchanged'] as const

function Preview({ shown }: { shown: ResultsPreview }) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const { payments, silent, notable, known, whole } = shown
  return (
    <Stack gap="sm" role="status">
      {known !== null && (
        <Alert color="ochre">
          {t('results.known')} <MomentText at={known.moment} show="date" />
        </Alert>
      )}
      {whole !== null && (
        <Alert color="slate">
          {t(`results.whole.${whole.status}`)} {whole.code !== '' && <bdi>({whole.code})</bdi>} <bdi>{whole.text}</bdi>
        </Alert>
      )}
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {OUTCOMES.filter((one) => payments[one] > 0).map((one) => (
            <Table.Tr key={one}>
              <Table.Td>{t(`results.payments.${one}`)}</Table.Td>
              <Table.Td ta="end" className="office-figures">
                {format.number(payments[one])}
              </Table.Td>
            </Table.Tr>
          ))}
          {silent > 0 && (
            <Table.Tr>
              <Table.Td>{t('results.silent')}</Table.Td>
              <Table.Td ta="end" className="office-figures">
                {format.number(silent)}
              </Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
      {notable.length > 0 && (
        <>
          <Text fw={600}>{t('results.notable')}</Text>
          <Table.ScrollContainer minWidth={360} mah={260}>
            <Table verticalSpacing={4}>
              <Table.Tbody>
                {notable.map(({ line, outcome, reference }) => (
                  <Table.Tr key={`${line} ${outcome}`}>
                    <Table.Td className="office-figures">{t('results.line', { line: format.number(line) })}</Table.Td>
                    <Table.Td>{t(`results.outcomes.${outcome}`)}</Table.Td>
                    <Table.Td>
                      <bdi dir="ltr">{reference}</bdi>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
    </Stack>
  )
}
