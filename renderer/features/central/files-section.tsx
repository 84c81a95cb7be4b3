import { Button, Group, Select, Stack, Switch, Text, Textarea } from '@mantine/core'
import { IconFileExport, IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilesWork, RecipientRow } from '../../../shared/contract/central-files.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FileDrop } from '../../components/file-drop.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import { FileImport } from './file-import.tsx'
import { SaveExported } from './save-exported.tsx'

/** Largest card that is read, bytes. */
const CARD = 5_000

/** Changes without a line: written into a file for somebody, or taken from one. */
export function FilesSection() {
  const api = useApi()
  const work = useQuery(api.centralFiles.work.queryOptions(undefined, { every: 1_000 }))
  const recipients = useQuery(api.centralFiles.recipients.queryOptions(undefined))
  const mayWork = useMay('clerk', 'approver', 'administrator')
  return (
    <Stack>
      {work.data?.running === true && <UnderWay work={work.data} onChanged={() => void work.refetch()} />}
      <Answer query={recipients}>
        {(rows) => (
          <>
            {mayWork && <Export recipients={rows} work={work.data ?? null} onBegun={() => void work.refetch()} />}
            {mayWork && <FileImport work={work.data ?? null} onBegun={() => void work.refetch()} />}
            <OwnKey />
            <Recipients rows={rows} onChanged={() => void recipients.refetch()} />
          </>
        )}
      </Answer>
    </Stack>
  )
}

function UnderWay({ work, onChanged }: { work: FilesWork; onChanged: () => void }) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  return (
    <ProgressPanel
      title={t(`work.${work.kind}`)}
      done={work.done}
      total={work.total ?? undefined}
      canBeLeft
      onCancel={() => void api.centralFiles.cancel.run(undefined).then(onChanged)}
    />
  )
}

interface ExportProps {
  recipients: readonly RecipientRow[]
  work: FilesWork | null
  onBegun: () => void
}

function Export({ recipients, work, onBegun }: ExportProps) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const show = useDialog()
  const [to, setTo] = useState<string | null>(null)
  const [whole, setWhole] = useState(false)
  const chosen = recipients.find(({ installationId }) => installationId === to)
  const begin = (recipient: RecipientRow): void =>
    void show<void>((close) => (
      <DeedDialog
        title={t('export.title')}
        confirmLabel={t('export.begin')}
        pin="first"
        onClose={() => close(undefined)}
        run={async (pin) => {
          await api.centralFiles.exportBegin.run({ to: recipient.installationId, whole, pin })
          onBegun()
          close(undefined)
        }}
      >
        <Text>{t('export.signs', { name: nameOf(recipient, t('centre')) })}</Text>
      </DeedDialog>
    ))
  return (
    <Section title={t('export.title')} description={t('export.meaning')}>
      <Stack>
        <Group align="end">
          <Select
            label={t('export.to')}
            placeholder={recipients.length === 0 ? t('recipients.none') : t('export.choose')}
            data={recipients.map((one) => ({ value: one.installationId, label: nameOf(one, t('centre')) }))}
            value={to}
            onChange={setTo}
            disabled={recipients.length === 0}
            miw={320}
          />
          <Button
            leftSection={<IconFileExport size={16} aria-hidden />}
            disabled={chosen === undefined || work?.running === true}
            onClick={() => chosen && begin(chosen)}
          >
            {t('export.begin')}
          </Button>
        </Group>
        <Switch
          label={t('export.whole')}
          description={t('export.wholeMeaning')}
          checked={whole}
          onChange={(event) => setWhole(event.currentTarget.checked)}
        />
        {work?.kind === 'export' && <SaveExported work={work} />}
      </Stack>
    </Section>
  )
}

const nameOf = ({ installationId, officeName }: RecipientRow, centre: string): string =>
  installationId === 'centre' ? `${centre} (${officeName})` : officeName

function OwnKey() {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const card = useQuery(api.centralFiles.card.queryOptions(undefined))
  return (
    <Section title={t('own.title')} description={t('own.meaning')}>
      <Answer query={card}>
        {({ text, fingerprint, officeName }) => (
          <Stack>
            <FactList
              facts={[
                { name: t('fingerprint'), value: <CopyText value={fingerprint} /> },
                { name: t('own.text'), value: <CopyText value={text} /> },
              ]}
            />
            <Group>
              <Button
                variant="default"
                leftSection={<IconKey size={16} aria-hidden />}
                onClick={() => saveFile(`${officeName}.g2p-office`, text, 'application/json')}
              >
                {t('own.save')}
              </Button>
            </Group>
          </Stack>
        )}
      </Answer>
    </Section>
  )
}

function Recipients({ rows, onChanged }: { rows: readonly RecipientRow[]; onChanged: () => void }) {
  const { t } = useTranslation('central-files')
  const show = useDialog()
  const may = useMay('administrator')
  const add = (): void => void show<void>((close) => <AddDialog onDone={onChanged} onClose={() => close(undefined)} />)
  return (
    <Section
      title={t('recipients.title')}
      description={t('recipients.meaning')}
      actions={
        may && (
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
            {t('recipients.add')}
          </Button>
        )
      }
    >
      {rows.length === 0 ? (
        <Text c="dimmed">{t('recipients.none')}</Text>
      ) : (
        <FactList
          facts={rows.map((row) => ({
            name: nameOf(row, t('centre')),
            value: (
              <>
                <bdi dir="ltr">{row.fingerprint}</bdi> · <MomentText at={row.addedAt} />
              </>
            ),
          }))}
        />
      )}
    </Section>
  )
}

function AddDialog({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const [text, setText] = useState('')
  const card = useQuery({ ...api.centralFiles.readCard.queryOptions({ text }, { enabled: text !== '' }), retry: false })
  return (
    <DeedDialog
      title={t('recipients.add')}
      confirmLabel={t('recipients.take')}
      ready={card.data !== undefined}
      onClose={onClose}
      run={async (pin) => {
        await api.centralFiles.addRecipient.run({ text, pin })
        notifyDone(t('recipients.added', { name: card.data?.officeName ?? '' }))
        onDone()
        onClose()
      }}
    >
      <FileDrop
        label={t('recipients.file')}
        endings={['.g2p-office', '.json']}
        limit={CARD}
        onFile={(file) => void file.text().then(setText)}
      />
      <Textarea
        label={t('recipients.text')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value.trim())}
        autosize
        maxRows={4}
        dir="ltr"
      />
      {text !== '' && (
        <Answer query={card}>
          {({ officeName, fingerprint }) => (
            <>
              <FactList
                facts={[
                  { name: t('recipients.office'), value: <bdi>{officeName}</bdi> },
                  { name: t('fingerprint'), value: <bdi dir="ltr">{fingerprint}</bdi> },
                ]}
              />
              <Text size="sm">{t('recipients.compare')}</Text>
            </>
          )}
        </Answer>
      )}
    </DeedDialog>
  )
}
