import { Alert, Button, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconDeviceLaptopOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay, useMaySee } from '../../state/session.ts'
import type { MovingStanding } from './answers.ts'
import { LostLaptops } from './lost-laptops.tsx'

/** The office on another laptop: on purpose, or because this one or another one was lost. */
export function Moving() {
  const { t } = useTranslation('moving')
  const api = useApi()
  // What was known before the office closed for it is not how it stands now.
  const query = useQuery({ ...api.moving.standing.queryOptions(), refetchOnMount: 'always' })
  return (
    <Answer query={query}>
      {(standing) =>
        standing.training ? (
          <Section title={t('move.title')}>
            <Text>{t('training')}</Text>
          </Section>
        ) : (
          <>
            {standing.retired ? <Retired standing={standing} /> : <Move standing={standing} />}
            {!standing.retired && <LostLaptops />}
          </>
        )
      }
    </Answer>
  )
}

const steps = ['backup', 'restore', 'confirm'] as const

/** What happens here and there, in order. */
function Steps() {
  const { t } = useTranslation('moving')
  return (
    <List type="ordered" spacing="xs">
      {steps.map((step) => (
        <List.Item key={step}>{t(`move.steps.${step}`)}</List.Item>
      ))}
    </List>
  )
}

function Move({ standing }: { standing: MovingStanding }) {
  const { t } = useTranslation('moving')
  const format = useFormat()
  const show = useDialog()
  const may = useMay('administrator')
  const { batches, payments } = standing
  const begin = (): void =>
    void show<void>((close) => <RetireDialog folder={standing.folder} onClose={() => close()} />)
  return (
    <Section
      title={t('move.title')}
      description={t('move.meaning')}
      actions={
        may && (
          <Button variant="default" onClick={begin}>
            {t('move.begin')}
          </Button>
        )
      }
    >
      <Stack>
        <Steps />
        <Text c="dimmed">
          {batches + payments === 0
            ? t('move.nothingOnTheWay')
            : t('move.onTheWay', { batches: format.number(batches), payments: format.number(payments) })}
        </Text>
      </Stack>
    </Section>
  )
}

/** The last backup and the end of sending here, in one deed. */
function RetireDialog({ folder, onClose }: { folder: string; onClose: () => void }) {
  const { t } = useTranslation('moving')
  const api = useApi()
  const queryClient = useQueryClient()
  const [place, setPlace] = useState(folder)
  return (
    <DeedDialog
      title={t('move.title')}
      confirmLabel={t('move.confirm')}
      dangerous
      ready={place.trim() !== ''}
      run={async (pin) => {
        const status = await api.moving.retire.run({ folder: place.trim(), pin })
        onClose()
        queryClient.setQueryData(api.setup.status.queryKey(), status)
      }}
      onClose={onClose}
    >
      <Text>{t('move.confirmMeaning')}</Text>
      <TextInput
        label={t('move.folder')}
        description={t('move.folderHint')}
        value={place}
        onChange={(event) => setPlace(event.currentTarget.value)}
        maxLength={1_000}
        spellCheck={false}
        autoComplete="off"
        dir="ltr"
        required
        data-autofocus
      />
    </DeedDialog>
  )
}

/** What a laptop says whose office has gone, or is about to. */
function Retired({ standing }: { standing: MovingStanding }) {
  const { t } = useTranslation('moving')
  const api = useApi()
  const show = useDialog()
  const askPin = useAskPin()
  const queryClient = useQueryClient()
  const may = useMaySee('administrator')
  const { retirement, folder } = standing
  const backup = retirement?.backup ?? null
  const isCutOff = retirement !== null && backup === null
  const finish = (): void => void show<void>((close) => <RetireDialog folder={folder} onClose={() => close()} />)
  const stay = async (): Promise<void> => {
    const done = await askPin({
      title: t('stay.title'),
      body: t('stay.meaning'),
      confirmLabel: t('stay.confirm'),
      run: (pin) => api.moving.stayHere.run({ pin }),
    })
    if (done === undefined) return
    notifyDone(t('stay.done'))
    queryClient.setQueryData(api.setup.status.queryKey(), done.value)
  }
  return (
    <Section title={t('move.title')}>
      <Stack>
        <Alert
          color="ochre"
          icon={isCutOff ? <IconAlertTriangle size={18} /> : <IconDeviceLaptopOff size={18} />}
          title={t(isCutOff ? 'retired.cutOff' : 'retired.title')}
        >
          {t(isCutOff ? 'retired.cutOffMeaning' : 'retired.meaning')}
        </Alert>
        {backup !== null && (
          <>
            <Text component="div">
              {t('retired.backup')} <MomentText at={backup.madeAt} /> · <bdi dir="ltr">{backup.path}</bdi>
            </Text>
            <Steps />
            <Text c="dimmed">{t('retired.back')}</Text>
          </>
        )}
        {isCutOff && may && (
          <Group>
            <Button onClick={finish}>{t('retired.finish')}</Button>
            <Button variant="default" onClick={() => void stay()}>
              {t('stay.open')}
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  )
}
