import { Button, Checkbox, Menu } from '@mantine/core'
import { IconFileExport } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { saveFile } from '../../components/save-file.ts'
import { useFormat } from '../../i18n/format.ts'
import { useMaySee } from '../../state/session.ts'
import type { ListInput } from './answers.ts'

const TYPES = {
  csv: 'text/csv;charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** Saves the list as it is filtered; every export is recorded. */
export function ExportMenu({ list }: { list: Omit<ListInput, 'order'> }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const mayExport = useMaySee('clerk', 'administrator', 'auditor')
  const maySeeContacts = useMaySee('clerk', 'administrator')
  const [contacts, setContacts] = useState(false)
  const [busy, setBusy] = useState(false)
  if (!mayExport) return null

  const save = async (kind: keyof typeof TYPES): Promise<void> => {
    setBusy(true)
    try {
      const order = { column: 'name', direction: 'asc' } as const
      const { id, rows } = await api.registry.exportBegin.run({ ...list, order, format: kind, contacts })
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let done = 0; ; ) {
        const piece = await api.registry.exportPiece.ask({ id, done })
        parts.push(fromBase64(piece.content))
        done = piece.done
        if (piece.last) break
      }
      saveFile(`registrants.${kind}`, parts, TYPES[kind])
      notifyDone(t('export.done', { count: rows, number: format.number(rows) }))
    } catch (error) {
      notifyFault(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<IconFileExport size={16} />}>
          {t('export.title')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {maySeeContacts && (
          <Checkbox
            p="xs"
            label={t('export.contacts')}
            checked={contacts}
            onChange={(event) => setContacts(event.currentTarget.checked)}
          />
        )}
        <Menu.Item onClick={() => void save('csv')}>{t('export.csv')}</Menu.Item>
        <Menu.Item onClick={() => void save('xlsx')}>{t('export.xlsx')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
