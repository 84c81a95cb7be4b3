import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { UpdateStatus } from './answers.ts'
import { UpdateSource } from './update-source.tsx'

const EVERY = 2_000

/** Which version this is, what lies ready, and where new ones come from. */
export function UpdatesPage() {
  const { t } = useTranslation('updates')
  const api = useApi()
  const query = useQuery(api.updates.status.queryOptions(undefined, { every: EVERY }))
  return (
    <Answer query={query}>
      {(status) =>
        status.training ? (
          <Section title={t('title')}>
            <FactList facts={[{ name: t('version'), value: status.version }]} />
            <Text>{t('training')}</Text>
          </Section>
        ) : (
          <>
            <Program status={status} onChange={() => void query.refetch()} />
            <FromFolder onTaken={() => void query.refetch()} />
            <UpdateSource
              key={JSON.stringify(status.settings)}
              settings={status.settings}
              onSaved={() => void query.refetch()}
            />
          </>
        )
      }
    </Answer>
  )
}

function Program({ status, onChange }: { status: UpdateStatus; onChange: () => void }) {
  const { t } = useTranslation('updates')
  const api = useApi()
  const format = useFormat()
  const may = useMay('administrator')
  const { settings, checkedAt, doing, fault } = status
  const check = useMutation({ ...api.updates.check.mutationOptions(), onSettled: onChange })
  const channel = settings.enabled
    ? t('channelWith', { channel: settings.channel, hours: format.number(settings.everyHours) })
    : t('off')
  return (
    <Section
      title={t('title')}
      description={t('meaning')}
      actions={
        may &&
        settings.url !== '' && (
          <Button
            variant="default"
            loading={doing !== 'nothing' || check.isPending}
            onClick={() => check.mutate(undefined)}
          >
            {t('check')}
          </Button>
        )
      }
    >
      <Stack>
        <FactList
          facts={[
            { name: t('version'), value: status.version },
            { name: t('channel'), value: channel },
            { name: t('checkedAt'), value: checkedAt === null ? t('never') : <MomentText at={checkedAt} /> },
          ]}
        />
        <div role="status">
          <Standing status={status} />
        </div>
        {fault !== null && doing === 'nothing' && <FaultMessage fault={fault} />}
        {check.error && <FaultMessage fault={check.error} />}
        {status.offered !== null && <Offered status={status} offered={status.offered} may={may} />}
      </Stack>
    </Section>
  )
}

/** One sentence about how it stands. */
function Standing({ status }: { status: UpdateStatus }) {
  const { t } = useTranslation('updates')
  const format = useFormat()
  const { doing, offered, fetched, found, ready } = status
  if (doing === 'checking') return <Text>{t('checking')}</Text>
  if (offered !== null) {
    const { version, releasedAt, installer } = offered
    if (doing === 'fetching') {
      const [done, all] = [format.fileSize(fetched), format.fileSize(installer.bytes)]
      return <Text>{t('fetching', { version, done, all })}</Text>
    }
    return (
      <Text>
        {t(ready ? 'ready' : 'offered', { version, day: format.day(new Date(releasedAt).toISOString().slice(0, 10)) })}
      </Text>
    )
  }
  if (found === 'current' || found === 'later') return <Text>{t(found)}</Text>
  return null
}

function Offered({
  status,
  offered,
  may,
}: {
  status: UpdateStatus
  offered: NonNullable<UpdateStatus['offered']>
  may: boolean
}) {
  const { t, i18n } = useTranslation('updates')
  const api = useApi()
  const askPin = useAskPin()
  const { version, notes } = offered
  const news = i18n.language.startsWith('ar') ? notes.ar || notes.en : notes.en
  const install = async (): Promise<void> => {
    const done = await askPin({
      title: t('installTitle', { version }),
      body: t('installMeaning'),
      confirmLabel: t('install'),
      run: (pin) => api.updates.install.run({ pin }),
    })
    if (done !== undefined) notifyDone(t('installing'))
  }
  return (
    <>
      <div>
        <Title order={3} size="h5">
          {t('news')}
        </Title>
        <Text component="div" dir="auto" style={{ whiteSpace: 'pre-line' }}>
          {news === '' ? t('noNews') : news}
        </Text>
      </div>
      {window.fieldOffice === undefined ? (
        <Text>
          {t('browser')} {status.ready && t('browserFile')}
        </Text>
      ) : (
        may &&
        status.ready && (
          <Group>
            <Button onClick={() => void install()} disabled={status.sending}>
              {t('install')}
            </Button>
            {status.sending && <Text c="dimmed">{t('installWaits')}</Text>}
          </Group>
        )
      )}
    </>
  )
}

function FromFolder({ onTaken }: { onTaken: () => void }) {
  const { t } = useTranslation('updates')
  const api = useApi()
  const may = useMay('administrator')
  const [folder, setFolder] = useState('')
  const take = useMutation({ ...api.updates.takeFrom.mutationOptions(), onSettled: onTaken })
  if (!may) return null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    take.mutate({ folder: folder.trim() })
  }
  return (
    <Section title={t('folderTitle')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('folder')}
            description={t('folderHint')}
            value={folder}
            onChange={(event) => setFolder(event.currentTarget.value)}
            maxLength={1_000}
            spellCheck={false}
            autoComplete="off"
            dir="ltr"
          />
          {take.error && <FaultMessage fault={take.error} />}
          <Group>
            <Button type="submit" variant="default" loading={take.isPending} disabled={folder.trim() === ''}>
              {t('take')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
