import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileResult, FileSummary, FilesWork } from '../../../shared/contract/central-files.ts'
import { OfficeFault } from '../../api/office-fault.ts'
import { useApi } from '../../api/provider.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { FileDrop } from '../../components/file-drop.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'

const LARGEST = 2_000_000_000
/** Bytes of one piece; base64 makes a third more of it. */
const PIECE = 900_000

async function toBase64(part: Blob): Promise<string> {
  const bytes = new Uint8Array(await part.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}

interface Chosen {
  readonly id: string
  readonly summary: FileSummary
}

interface FileImportProps {
  work: FilesWork | null
  onBegun: () => void
}

/** Takes a file of another office in: who signed it and what it brings is shown before. */
export function FileImport({ work, onBegun }: FileImportProps) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const [sending, setSending] = useState<{ done: number; size: number }>()
  const [chosen, setChosen] = useState<Chosen>()
  const [fault, setFault] = useState<Error>()

  const read = async (file: File): Promise<void> => {
    setFault(undefined)
    setChosen(undefined)
    setSending({ done: 0, size: file.size })
    try {
      const { id } = await api.centralFiles.uploadBegin.run({ size: file.size })
      for (let sent = 0, piece = 0; sent < file.size; sent += PIECE, piece++) {
        await api.centralFiles.uploadPiece.run({ id, piece, content: await toBase64(file.slice(sent, sent + PIECE)) })
        setSending({ done: Math.min(file.size, sent + PIECE), size: file.size })
      }
      setChosen({ id, summary: await api.centralFiles.check.run({ id }) })
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setSending(undefined)
    }
  }
  const take = async ({ id }: Chosen): Promise<void> => {
    try {
      await api.centralFiles.importBegin.run({ id })
      setChosen(undefined)
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    }
    onBegun()
  }
  const leave = async ({ id }: Chosen): Promise<void> => {
    setChosen(undefined)
    await api.centralFiles.discard.run({ id })
  }
  return (
    <Section title={t('import.title')} description={t('import.meaning')}>
      <Stack>
        {sending === undefined ? (
          <FileDrop
            label={t('import.file')}
            endings={['.g2p-changes']}
            limit={LARGEST}
            disabled={work?.running === true}
            onFile={(file) => void read(file)}
          />
        ) : (
          <ProgressPanel title={t('import.checking')} done={sending.done} total={sending.size} detail={null} />
        )}
        {fault && <FaultMessage fault={fault} />}
        {chosen && (
          <Summary
            summary={chosen.summary}
            busy={work?.running === true}
            onTake={() => void take(chosen)}
            onLeave={() => void leave(chosen)}
          />
        )}
        {work?.kind === 'import' && !work.running && work.fault && <FaultMessage fault={new OfficeFault(work.fault)} />}
        {work?.kind === 'import' && work.imported && <Result result={work.imported} />}
      </Stack>
    </Section>
  )
}

interface SummaryProps {
  summary: FileSummary
  busy: boolean
  onTake: () => void
  onLeave: () => void
}

function Summary({ summary, busy, onTake, onLeave }: SummaryProps) {
  const { t } = useTranslation('central-files')
  const format = useFormat()
  return (
    <Stack>
      <FactList
        facts={[
          { name: t('import.office'), value: <bdi>{summary.officeName}</bdi> },
          { name: t('import.officer'), value: <bdi>{summary.officerName}</bdi> },
          { name: t('import.madeAt'), value: <MomentText at={summary.madeAt} /> },
          { name: t('import.documents'), value: format.number(summary.documents) },
          { name: t('import.batches'), value: format.number(summary.batches) },
        ]}
      />
      {summary.known && <Alert color="ochre">{t('import.known')}</Alert>}
      <Group>
        <Button leftSection={<IconFileImport size={16} aria-hidden />} onClick={onTake} disabled={busy}>
          {t('import.take')}
        </Button>
        <Button variant="default" onClick={onLeave}>
          {t('import.leave')}
        </Button>
      </Group>
    </Stack>
  )
}

const COUNTS = ['adopted', 'merged', 'conflicts', 'quarantined', 'known', 'releases'] as const

function Result({ result }: { result: FileResult }) {
  const { t } = useTranslation('central-files')
  const format = useFormat()
  const told = COUNTS.filter((name) => result[name] > 0).map((name) =>
    t(`result.${name}`, { count: result[name], number: format.number(result[name]) }),
  )
  return (
    <>
      {result.stopped && <FaultMessage fault={new OfficeFault(result.stopped)} />}
      <Text role="status">{told.length === 0 ? t('result.nothing') : format.list(told)}</Text>
    </>
  )
}
