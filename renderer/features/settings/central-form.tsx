import { Button, Group, NumberInput, PasswordInput, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { CentralSettingsView } from './answers.ts'

const noServer = { url: '', district: '', user: '', certificateAuthority: '', everyMinutes: 5 }

/** Which central server the office works with. */
export function CentralServer() {
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.central.settings.queryOptions())
  const refresh = (): void => void query.refetch()
  return (
    <Answer query={query}>
      {(view) =>
        view.training ? (
          <Training />
        ) : may ? (
          <>
            <CentralForm key={JSON.stringify(view)} view={view} onSaved={refresh} />
            {view.settings !== null && <Leaving onLeft={refresh} />}
          </>
        ) : (
          <Facts view={view} />
        )
      }
    </Answer>
  )
}

function Training() {
  const { t } = useTranslation('central')
  return (
    <Section title={t('title')}>
      <Text>{t('alone.trainingMeaning')}</Text>
    </Section>
  )
}

function Facts({ view: { settings } }: { view: CentralSettingsView }) {
  const { t } = useTranslation('central')
  const format = useFormat()
  return (
    <Section title={t('title')} description={t('settings.meaning')}>
      {settings === null ? (
        <Text>{t('alone.askAdministrator')}</Text>
      ) : (
        <FactList
          facts={[
            { name: t('settings.url'), value: <bdi dir="ltr">{settings.url}</bdi> },
            { name: t('settings.district'), value: <bdi dir="ltr">{settings.district}</bdi> },
            { name: t('settings.everyMinutes'), value: format.number(settings.everyMinutes) },
          ]}
        />
      )}
    </Section>
  )
}

interface CentralFormProps {
  view: CentralSettingsView
  onSaved: () => void
}

function CentralForm({ view: { settings, hasPassword }, onSaved }: CentralFormProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const askPin = useAskPin()
  const [draft, setDraft] = useState(settings ?? noServer)
  const [password, setPassword] = useState('')
  const change = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }))
  const changed = password !== '' || JSON.stringify(draft) !== JSON.stringify(settings ?? noServer)
  // The password that is kept goes to nobody but the server and user it was entered for.
  const isOther = settings === null || settings.url !== draft.url || settings.user !== draft.user
  const needsPassword = !hasPassword || isOther

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const done = await askPin({
      title: t('settings.testAndSave'),
      body: t(settings === null ? 'settings.firstMeaning' : 'settings.saveMeaning'),
      confirmLabel: t('settings.testAndSave'),
      run: (pin) => api.central.configure.run({ settings: draft, password, pin }),
    })
    if (!done) return
    setPassword('')
    notifyDone(t('settings.saved'))
    onSaved()
  }
  return (
    <Section title={t('title')} description={t('settings.meaning')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <TextInput
            label={t('settings.url')}
            description={t('settings.urlMeaning')}
            value={draft.url}
            onChange={(event) => change({ url: event.currentTarget.value.trim() })}
            type="url"
            maxLength={500}
            dir="ltr"
            required
          />
          <TextInput
            label={t('settings.district')}
            description={t('settings.districtMeaning')}
            value={draft.district}
            onChange={(event) => change({ district: event.currentTarget.value.trim().toLowerCase() })}
            pattern="[a-z][a-z0-9_\-]{0,30}"
            maxLength={31}
            dir="ltr"
            autoComplete="off"
            spellCheck={false}
            required
          />
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <TextInput
              label={t('settings.user')}
              description={t('settings.userMeaning')}
              value={draft.user}
              onChange={(event) => change({ user: event.currentTarget.value })}
              maxLength={100}
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
              required
            />
            <PasswordInput
              label={t(needsPassword ? 'settings.password' : 'settings.passwordAgain')}
              description={t('settings.passwordMeaning')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              maxLength={1_000}
              dir="ltr"
              autoComplete="off"
              required={needsPassword}
              visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
            />
          </Group>
          <Textarea
            label={t('settings.authority')}
            description={t('settings.authorityMeaning')}
            value={draft.certificateAuthority}
            onChange={(event) => change({ certificateAuthority: event.currentTarget.value.trim() })}
            maxLength={20_000}
            autosize
            minRows={2}
            maxRows={8}
            dir="ltr"
          />
          <NumberInput
            label={t('settings.everyMinutes')}
            description={t('settings.everyMinutesMeaning')}
            value={draft.everyMinutes}
            onChange={(minutes) => change({ everyMinutes: Number(minutes) })}
            min={1}
            max={1_440}
            allowDecimal={false}
            clampBehavior="strict"
          />
          <Group>
            <Button type="submit" disabled={!changed}>
              {t('settings.testAndSave')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

function Leaving({ onLeft }: { onLeft: () => void }) {
  const { t } = useTranslation('central')
  const api = useApi()
  const askPin = useAskPin()
  const leave = async (): Promise<void> => {
    const done = await askPin({
      title: t('leave.title'),
      body: t('leave.body'),
      confirmLabel: t('leave.confirm'),
      run: (pin) => api.central.leave.run({ pin }),
    })
    if (!done) return
    notifyDone(t('leave.done'))
    onLeft()
  }
  return (
    <Section title={t('leave.title')} description={t('leave.meaning')}>
      <Button variant="light" color="brick" onClick={() => void leave()}>
        {t('leave.confirm')}
      </Button>
    </Section>
  )
}
