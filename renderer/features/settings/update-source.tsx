import { Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import type { UpdateStatus } from './answers.ts'
import { draftOf, readDraft, type UpdateDraft } from './update-draft.ts'

/** The channel, and the key whose word counts in it. */
export function UpdateSource({ settings, onSaved }: { settings: UpdateStatus['settings']; onSaved: () => void }) {
  const { t } = useTranslation('updates')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const [draft, setDraft] = useState(() => draftOf(settings))
  const { settings: wanted, problems } = readDraft(draft)
  const change = (part: Partial<UpdateDraft>): void => setDraft({ ...draft, ...part })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (wanted === undefined) return
    const done = await askPin({
      title: t('saveTitle'),
      body: t('saveMeaning'),
      confirmLabel: t('settings:save'),
      run: (pin) => api.updates.change.run({ settings: wanted, pin }),
    })
    if (done === undefined) return
    notifyDone(t('settings:saved'))
    onSaved()
  }
  const plain = { readOnly: !may, spellCheck: false, autoComplete: 'off', dir: 'ltr' } as const
  return (
    <Section title={t('from')} description={t('fromMeaning')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Switch
            label={t('enabled')}
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
            disabled={!may}
          />
          <TextInput
            {...plain}
            label={t('url')}
            description={t('urlHint')}
            value={draft.url}
            onChange={(event) => change({ url: event.currentTarget.value })}
            error={problems.url && t(problems.url)}
            maxLength={500}
          />
          <TextInput
            {...plain}
            label={t('key')}
            description={t('keyHint')}
            value={draft.key}
            onChange={(event) => change({ key: event.currentTarget.value })}
            error={problems.key && t(problems.key)}
            maxLength={60}
          />
          <Group align="flex-start">
            <TextInput
              {...plain}
              label={t('channel')}
              description={t('channelHint')}
              value={draft.channel}
              onChange={(event) => change({ channel: event.currentTarget.value })}
              error={problems.channel && t(problems.channel)}
              maxLength={30}
            />
            <NumberInput
              label={t('every')}
              value={draft.everyHours}
              onChange={(value) => change({ everyHours: Number(value) })}
              min={1}
              max={168}
              clampBehavior="strict"
              allowDecimal={false}
              readOnly={!may}
              maw={220}
            />
          </Group>
          {may && (
            <Group>
              <Button
                type="submit"
                disabled={wanted === undefined || JSON.stringify(wanted) === JSON.stringify(settings)}
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
