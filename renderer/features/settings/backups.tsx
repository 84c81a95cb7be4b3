import { Button, Group, NumberInput, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconDatabaseExport } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { BackupStatus } from './answers.ts'
import { RecoveryKey } from './recovery-key.tsx'

const EVERY = 3_000

/** Copies of the office, and the key on paper that opens them. */
export function BackupSettingsPage() {
  const { t } = useTranslation('backups')
  const api = useApi()
  const query = useQuery(api.backups.status.queryOptions(undefined, { every: EVERY }))
  return (
    <Answer query={query}>
      {(status) =>
        status.training ? (
          <Section title={t('state.title')}>
            <Text>{t('training')}</Text>
          </Section>
        ) : (
          <>
            <Made status={status} onMade={() => void query.refetch()} />
            <Where
              key={JSON.stringify(status.settings)}
              settings={status.settings}
              onSaved={() => void query.refetch()}
            />
            <RecoveryKey />
          </>
        )
      }
    </Answer>
  )
}

function Made({ status, onMade }: { status: BackupStatus; onMade: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const format = useFormat()
  const may = useMay('clerk', 'approver', 'administrator')
  const { settings, running, last, fault, nextAt } = status
  const make = useMutation({
    ...api.backups.make.mutationOptions(),
    onSuccess: () => notifyDone(t('state.made')),
    onSettled: onMade,
  })
  const busy = running || make.isPending
  const when = nextAt === null ? '' : format.ago(nextAt)
  return (
    <Section
      title={t('state.title')}
      description={t('meaning')}
      actions={
        may &&
        settings.folder !== '' && (
          <Button variant="default" loading={busy} onClick={() => make.mutate(undefined)}>
            {t('state.now')}
          </Button>
        )
      }
    >
      <Stack>
        <div role="status">
          {busy && <Text>{t('state.running')}</Text>}
          {last === null ? (
            <Text>{t('state.none')}</Text>
          ) : (
            <Text>
              {t('state.last')} <MomentText at={last.madeAt} />
            </Text>
          )}
          {nextAt !== null && !busy && (
            <Text c="dimmed">{t(fault === null ? 'state.next' : 'state.failed', { when })}</Text>
          )}
        </div>
        {fault !== null && <FaultMessage fault={fault} {...(may ? { onAction: () => make.mutate(undefined) } : {})} />}
        {make.error && fault === null && <FaultMessage fault={make.error} />}
        {settings.folder !== '' && <Lying key={`${settings.folder} ${last?.madeAt ?? 0}`} />}
      </Stack>
    </Section>
  )
}

/** What lies in the folder. */
function Lying() {
  const { t } = useTranslation('backups')
  const api = useApi()
  const format = useFormat()
  // Mounted anew after each backup.
  const query = useQuery({ ...api.backups.list.queryOptions(), refetchOnMount: 'always' })
  return (
    <Answer query={query}>
      {(backups) =>
        backups.length === 0 ? (
          <EmptyState icon={IconDatabaseExport} title={t('list.empty')} description={t('list.emptyMeaning')} />
        ) : (
          <Table.ScrollContainer minWidth={460}>
            <Table aria-label={t('list.caption')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('list.when')}</Table.Th>
                  <Table.Th>{t('list.office')}</Table.Th>
                  <Table.Th>{t('list.registrants')}</Table.Th>
                  <Table.Th>{t('list.payments')}</Table.Th>
                  <Table.Th>{t('list.size')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {backups.map(({ path, manifest }) => (
                  <Table.Tr key={path}>
                    <Table.Td>
                      <MomentText at={manifest.madeAt} show="date" />
                    </Table.Td>
                    <Table.Td>
                      <bdi>{manifest.officeName}</bdi>
                    </Table.Td>
                    <Table.Td>{format.number(manifest.counts.registrants)}</Table.Td>
                    <Table.Td>{format.number(manifest.counts.payments)}</Table.Td>
                    <Table.Td>{format.fileSize(manifest.bytes)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Answer>
  )
}

const kept = ['daily', 'weekly', 'monthly'] as const
const limits = { daily: [1, 31], weekly: [0, 52], monthly: [0, 120] } as const

function Where({ settings, onSaved }: { settings: BackupStatus['settings']; onSaved: () => void }) {
  const { t } = useTranslation('backups')
  const api = useApi()
  const confirm = useConfirm()
  const may = useMay('administrator')
  const [draft, setDraft] = useState(settings)
  const save = useMutation({
    ...api.backups.change.mutationOptions(),
    onSuccess: () => {
      notifyDone(t('settings:saved'))
      onSaved()
    },
  })
  const wanted = { ...draft, folder: draft.folder.trim() }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (wanted.folder === '' && settings.folder !== '') {
      const [title, body, confirmLabel] = [t('where.stop'), t('where.stopMeaning'), t('where.stopConfirm')]
      if (!(await confirm({ title, body, confirmLabel, dangerous: true }))) return
    }
    save.mutate(wanted)
  }
  return (
    <Section title={t('where.title')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <TextInput
            label={t('where.folder')}
            description={t('where.folderHint')}
            value={draft.folder}
            onChange={(event) => setDraft({ ...draft, folder: event.currentTarget.value })}
            maxLength={1_000}
            readOnly={!may}
            spellCheck={false}
            autoComplete="off"
            dir="ltr"
          />
          <NumberInput
            label={t('where.everyHours')}
            value={draft.everyHours}
            onChange={(value) => setDraft({ ...draft, everyHours: Number(value) })}
            min={1}
            max={168}
            clampBehavior="strict"
            allowDecimal={false}
            readOnly={!may}
            maw={220}
          />
          <Group align="flex-end">
            {kept.map((name) => (
              <NumberInput
                key={name}
                label={t(`where.${name}`)}
                value={draft.keep[name]}
                onChange={(value) => setDraft({ ...draft, keep: { ...draft.keep, [name]: Number(value) } })}
                min={limits[name][0]}
                max={limits[name][1]}
                clampBehavior="strict"
                allowDecimal={false}
                readOnly={!may}
                maw={150}
              />
            ))}
          </Group>
          <Text size="sm" c="dimmed">
            {t('where.keepHint')}
          </Text>
          {save.error && <FaultMessage fault={save.error} />}
          {may && (
            <Group>
              <Button
                type="submit"
                loading={save.isPending}
                disabled={JSON.stringify(wanted) === JSON.stringify(settings) || wanted.everyHours < 1}
              >
                {t('settings:save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  )
}
