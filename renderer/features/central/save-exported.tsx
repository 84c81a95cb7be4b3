import { Button, Group, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilesWork } from '../../../shared/contract/central-files.ts'
import { OfficeFault } from '../../api/office-fault.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { saveFile } from '../../components/save-file.ts'
import { useFormat } from '../../i18n/format.ts'

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** What became of an export: the finished file to keep, or why there is none. */
export function SaveExported({ work }: { work: FilesWork }) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const format = useFormat()
  const [busy, setBusy] = useState(false)
  const [savedId, setSavedId] = useState('')
  if (work.fault !== null) return <FaultMessage fault={new OfficeFault(work.fault)} />
  const { exported, id } = work
  if (exported === null) return null
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let done = 0; ; ) {
        const piece = await api.centralFiles.exportPiece.ask({ id, done })
        parts.push(bytesOf(piece.content))
        done = piece.done
        if (piece.last) break
      }
      saveFile(`${t('export.fileName')}.g2p-changes`, parts, 'application/octet-stream')
      setSavedId(id)
    } catch (error) {
      notifyFault(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Group>
      <Text role="status">
        {t('export.ready', {
          count: exported.records,
          number: format.number(exported.records),
          size: format.fileSize(exported.bytes),
        })}
      </Text>
      <Button
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={busy}
        disabled={savedId === id}
        onClick={() => void save()}
      >
        {t(savedId === id ? 'export.saved' : 'export.save')}
      </Button>
    </Group>
  )
}
