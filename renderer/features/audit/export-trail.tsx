import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconDownload, IconFileExport, IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OfficeFault } from '../../api/office-fault.ts'
import { useApi } from '../../api/provider.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { saveFile } from '../../components/save-file.ts'
import { todayText } from '../../i18n/today.ts'
import { useMaySee } from '../../state/session.ts'
import { periodOf } from './answers.ts'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** Takes the trail out of the house as signed lines, with the days that the list is narrowed to. */
export function ExportTrail({ fromDay, toDay }: { fromDay: string; toDay: string }) {
  const { t } = useTranslation('audit')
  const show = useDialog()
  const may = useMaySee('auditor', 'administrator')
  if (!may) return null
  return (
    <Button
      variant="default"
      leftSection={<IconFileExport size={16} />}
      onClick={() => void show((close) => <ExportDialog fromDay={fromDay} toDay={toDay} onClose={() => close()} />)}
    >
      {t('export.open')}
    </Button>
  )
}

interface ExportDialogProps {
  fromDay: string
  toDay: string
  onClose: () => void
}

function ExportDialog({ fromDay, toDay, onClose }: ExportDialogProps) {
  const { t } = useTranslation('audit')
  const api = useApi()
  const [days, setDays] = useState({ fromDay, toDay })
  const [progress, setProgress] = useState<{ done: number; total: number }>()
  const [fault, setFault] = useState<Error>()
  const [saved, setSaved] = useState('')
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])

  const run = async (): Promise<void> => {
    const stopping = new AbortController()
    stop.current = stopping
    const { signal } = stopping
    setFault(undefined)
    setSaved('')
    setProgress({ done: 0, total: 0 })
    let begun: { readonly id: string } | undefined
    try {
      const { id, after, until } = await api.audit.exportBegin.run(periodOf(days))
      begun = { id }
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let done = after; ; ) {
        const piece = await api.audit.exportPiece.ask({ id, done }, signal)
        parts.push(bytesOf(piece.content))
        done = piece.done
        setProgress({ done: done - after, total: until - after })
        if (piece.last) break
      }
      const name = t('export.fileName', { day: todayText(), first: after + 1, last: until })
      saveFile(`${name}.jsonl`, parts, 'application/jsonl')
      setSaved(`${name}.jsonl`)
    } catch (error) {
      if (!signal.aborted)
        setFault(error instanceof Error ? error : new OfficeFault({ code: 'api.unexpected', params: {} }))
    } finally {
      setProgress(undefined)
      // What was begun is not kept for nobody; that it is gone already is no fault.
      if (begun !== undefined) await api.audit.exportEnd.run(begun).catch(() => undefined)
    }
  }
  const day = (name: 'fromDay' | 'toDay') => ({
    type: 'date',
    label: t(`filter.${name}`),
    value: days[name],
    onChange: (event: { currentTarget: { value: string } }) => setDays({ ...days, [name]: event.currentTarget.value }),
  })
  return (
    <Modal opened onClose={onClose} title={<Text fw={640}>{t('export.title')}</Text>}>
      <Stack>
        <Text>{t('export.meaning')}</Text>
        <Group grow>
          <TextInput {...day('fromDay')} />
          <TextInput {...day('toDay')} />
        </Group>
        <Text size="sm" c="dimmed">
          {t('export.days')}
        </Text>
        <DeviceKey />
        {fault && <FaultMessage fault={fault} />}
        {saved !== '' && (
          <Alert color="moss" role="status">
            {t('export.saved')} <bdi>{saved}</bdi>
          </Alert>
        )}
        {progress ? (
          <ProgressPanel
            title={t('export.running')}
            done={progress.done}
            total={progress.total === 0 ? undefined : progress.total}
            onCancel={() => stop.current?.abort()}
          />
        ) : (
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('export.close')}
            </Button>
            <Button leftSection={<IconDownload size={16} />} onClick={() => void run()}>
              {t('export.run')}
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  )
}

/** The key of this device: what an auditor keeps, to know this office's exports by. */
function DeviceKey() {
  const { t } = useTranslation('audit')
  const api = useApi()
  const key = useQuery(api.audit.deviceKey.queryOptions())
  if (key.data === undefined) return null
  const { keyId, publicKey } = key.data
  return (
    <Group justify="space-between">
      <div>
        <Text size="sm">{t('export.key')}</Text>
        <CopyText value={keyId} />
      </div>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconKey size={14} />}
        onClick={() => saveFile('audit-key.jwk', [`${JSON.stringify(publicKey)}\n`], 'application/jwk+json')}
      >
        {t('export.saveKey')}
      </Button>
    </Group>
  )
}
