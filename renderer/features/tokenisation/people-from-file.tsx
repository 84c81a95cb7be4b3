import { Button, Group, List, Modal, ScrollArea, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MOST_LISTED } from '../../../shared/contract/tokenisation.ts'
import { listedEntries } from '../../../shared/rules/tokenisation/listed-entries.ts'
import { faultOf } from '../../api/office-fault.ts'
import { useApi } from '../../api/provider.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { FileDrop } from '../../components/file-drop.tsx'
import { TurnIntoTokens, useRegistryConnectors } from '../../components/tokens/turn-into-tokens.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'

const LARGEST = 5_000_000
/** People in one run that is asked for by name. */
const MOST = 50_000
const SHOWN = 200

interface Looked {
  readonly fileName: string
  readonly entries: number
  readonly registrantIds: readonly string[]
  readonly unknown: readonly string[]
  readonly ambiguous: readonly string[]
}

/** Tokens for the people whom a file lists; nothing where no connector of the registry can run here. */
export function PeopleFromFile() {
  const { t } = useTranslation('tokenisation')
  const ask = useDialog()
  const may = useMay('clerk')
  const usable = useRegistryConnectors()
  if (!may || usable.length === 0) return null
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconFileUpload size={14} />}
      onClick={() => void ask((close) => <FileDialog onClose={() => close()} />)}
    >
      {t('files.fromFile')}
    </Button>
  )
}

function FileDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const [busy, setBusy] = useState(false)
  const [looked, setLooked] = useState<Looked>()
  const [fault, setFault] = useState<unknown>()

  const look = async (file: File): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    try {
      setLooked(await lookUp(file))
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(false)
    }
  }
  const lookUp = async (file: File): Promise<Looked> => {
    const entries = listedEntries(await textOf(file))
    const ids = new Set<string>()
    const unknown: string[] = []
    const ambiguous: string[] = []
    for (let from = 0; from < entries.length; from += MOST_LISTED) {
      const found = await api.tokenisation.listed.run({ entries: entries.slice(from, from + MOST_LISTED) })
      for (const id of found.registrantIds) ids.add(id)
      unknown.push(...found.unknown)
      ambiguous.push(...found.ambiguous)
    }
    return { fileName: file.name, entries: entries.length, registrantIds: [...ids], unknown, ambiguous }
  }
  const counted = (count: number) => ({ count, number: format.number(count) })
  const found = looked?.registrantIds.length ?? 0
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={640}>{t('files.title')}</Text>}>
      <Stack>
        <Text size="sm">{t('files.meaning')}</Text>
        <FileDrop
          label={looked === undefined ? t('files.wanted') : looked.fileName}
          endings={['.txt', '.csv']}
          limit={LARGEST}
          disabled={busy}
          onFile={(file) => void look(file)}
        />
        {fault !== undefined && <FaultMessage fault={faultOf(fault)} />}
        {looked && (
          <div role="status">
            <Text fw={600}>
              {looked.entries === 0
                ? t('files.nothingListed')
                : t(found === 0 ? 'files.nobodyFound' : 'files.found', counted(found))}
            </Text>
            <Missing title={t('files.unknown', counted(looked.unknown.length))} entries={looked.unknown} />
            <Missing title={t('files.ambiguous', counted(looked.ambiguous.length))} entries={looked.ambiguous} />
            {found > MOST && <Text size="sm">{t('files.most', { number: format.number(MOST) })}</Text>}
          </div>
        )}
        <Group justify="flex-end">
          <Button size="xs" variant="subtle" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <TurnIntoTokens
            disabled={found === 0 || busy}
            chosen={() => looked?.registrantIds.slice(0, MOST) ?? []}
            onStarted={onClose}
          />
        </Group>
      </Stack>
    </Modal>
  )
}

/** Entries that name nobody in particular, as they stand in the file. */
function Missing({ title, entries }: { title: string; entries: readonly string[] }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  if (entries.length === 0) return null
  const more = entries.length - SHOWN
  return (
    <>
      <Text size="sm" mt="xs">
        {title}
      </Text>
      <ScrollArea.Autosize mah={140}>
        <List size="sm">
          {entries.slice(0, SHOWN).map((entry) => (
            <List.Item key={entry}>
              <bdi>{entry}</bdi>
            </List.Item>
          ))}
        </List>
        {more > 0 && (
          <Text size="sm" c="dimmed">
            {t('files.more', { count: more, number: format.number(more) })}
          </Text>
        )}
      </ScrollArea.Autosize>
    </>
  )
}

/** Spreadsheets write "Unicode text" as UTF-16 with a mark before it. */
async function textOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
