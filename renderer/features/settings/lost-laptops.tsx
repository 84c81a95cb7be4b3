import { Alert, Anchor, Button, Checkbox, Group, Progress, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconCheck, IconCircleDashed } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { LostLaptop, LostStep } from './answers.ts'
import classes from './moving.module.css'

const OWN_FORMER = 'own'
const EVERY = 10_000

/** Where each step is done; undefined for what is done outside. */
const places: Readonly<Partial<Record<LostStep['kind'], string>>> = {
  claims: '/central',
  confirm: '/outbox',
  'look-up': '/outbox',
  officer: '/settings/officers',
  'signing-key': '/settings/managers',
  'data-key': '/settings/keys',
  account: '/settings/central',
  connector: '/tokens',
  provider: '/settings/sign-in',
}

/** Laptops that were lost or stolen, what is to be done about each, and how far that is. */
export function LostLaptops() {
  const { t } = useTranslation('moving')
  const api = useApi()
  const show = useDialog()
  const may = useMay('administrator')
  const query = useQuery(api.lost.list.queryOptions(undefined, { every: EVERY }))
  const refresh = (): void => void query.refetch()
  const report = (central: boolean): void =>
    void show<void>((close) => <ReportDialog central={central} onDone={refresh} onClose={() => close()} />)
  return (
    <Answer query={query}>
      {({ laptops, central }) => (
        <Section
          title={t('lost.title')}
          description={t('lost.meaning')}
          actions={
            may && (
              <Button color="brick" variant="light" onClick={() => report(central)}>
                {t('lost.report')}
              </Button>
            )
          }
        >
          {laptops.length === 0 ? (
            <Text c="dimmed">{t('lost.none')}</Text>
          ) : (
            <Stack gap="lg">
              {laptops.map((laptop) => (
                <Laptop key={laptop.id} laptop={laptop} may={may} onChanged={refresh} />
              ))}
            </Stack>
          )}
        </Section>
      )}
    </Answer>
  )
}

interface LaptopProps {
  laptop: LostLaptop
  may: boolean
  onChanged: () => void
}

function Laptop({ laptop, may, onChanged }: LaptopProps) {
  const { t } = useTranslation('moving')
  const api = useApi()
  const format = useFormat()
  const show = useDialog()
  const { id, steps, at, reason } = laptop
  const name = id === OWN_FORMER ? t('lost.own') : laptop.name
  const done = steps.filter((step) => step.done).length
  const tick = useMutation({ ...api.lost.tick.mutationOptions(), onSettled: onChanged })
  const revokeAgain = (): void =>
    void show<void>((close) => <ReportDialog laptop={laptop} central onDone={onChanged} onClose={() => close()} />)
  return (
    <div data-lost={id}>
      <Text fw={600} component="h3">
        <bdi>{name}</bdi>
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {t('lost.reported')} <MomentText at={at} />
        {': '}
        <bdi>{reason}</bdi>
      </Text>
      <Group gap="sm" my="xs" wrap="nowrap">
        <Progress
          value={(100 * done) / Math.max(1, steps.length)}
          color={done === steps.length ? 'moss' : 'spruce'}
          flex={1}
          aria-label={t('lost.progress', { done: format.number(done), all: format.number(steps.length) })}
        />
        <Text size="sm">{t('lost.progress', { done: format.number(done), all: format.number(steps.length) })}</Text>
      </Group>
      <ul className={classes.steps}>
        {steps.map((step) => (
          <li key={step.step} data-step={step.step} data-done={step.done}>
            <Step
              step={step}
              may={may}
              onTick={(wanted) => tick.mutate({ id, step: step.step, done: wanted })}
              onRevoke={revokeAgain}
            />
          </li>
        ))}
      </ul>
      {tick.error && <FaultMessage fault={tick.error} />}
    </div>
  )
}

interface StepProps {
  step: LostStep
  may: boolean
  onTick: (done: boolean) => void
  onRevoke: () => void
}

function Step({ step: { kind, name, done, byHand, left }, may, onTick, onRevoke }: StepProps) {
  const { t } = useTranslation('moving')
  const format = useFormat()
  const place = places[kind]
  const words = t(`lost.steps.${kind}.title`, { name })
  return (
    <>
      {byHand ? (
        <Checkbox
          checked={done}
          disabled={!may}
          onChange={(event) => onTick(event.currentTarget.checked)}
          label={words}
        />
      ) : (
        <Group gap="xs" wrap="nowrap" align="start">
          {done ? (
            <IconCheck size={20} color="var(--mantine-color-moss-text)" aria-label={t('lost.done')} />
          ) : (
            <IconCircleDashed size={20} color="var(--mantine-color-ochre-text)" aria-label={t('lost.open')} />
          )}
          <Text>{words}</Text>
        </Group>
      )}
      <Text size="sm" c="dimmed" component="div" className={classes.explained ?? ''}>
        {t(`lost.steps.${kind}.meaning`)}
        {left > 0 && kind !== 'revoke' && kind !== 'confirm' && kind !== 'data-key' && (
          <> {t('lost.left', { number: format.number(left) })}</>
        )}
        {!done && place !== undefined && (
          <>
            {' '}
            <Anchor component={Link} to={place} size="sm">
              {t('lost.go')}
            </Anchor>
          </>
        )}
      </Text>
      {kind === 'revoke' && !done && may && (
        <Button size="xs" color="brick" variant="light" onClick={onRevoke}>
          {t('lost.revokeAgain')}
        </Button>
      )}
    </>
  )
}

interface ReportDialogProps {
  /** One that was reported already and is to be revoked at last. */
  laptop?: LostLaptop
  /** Whether there are other offices to choose from. */
  central: boolean
  onDone: () => void
  onClose: () => void
}

function ReportDialog({ laptop, central, onDone, onClose }: ReportDialogProps) {
  const { t } = useTranslation('moving')
  const api = useApi()
  const [id, setId] = useState(laptop?.id ?? (central ? '' : OWN_FORMER))
  const [reason, setReason] = useState(laptop?.reason ?? '')
  const query = useQuery({ ...api.offices.list.queryOptions(), enabled: central && laptop === undefined })
  const others = (query.data?.offices ?? []).filter(({ isOwn }) => !isOwn)
  const name = laptop?.name ?? others.find(({ installationId }) => installationId === id)?.officeName ?? ''
  const choices = [
    ...others.map(({ installationId, officeName }) => ({ value: installationId, label: officeName })),
    { value: OWN_FORMER, label: t('lost.own') },
  ]
  return (
    <DeedDialog
      title={t('lost.reportTitle')}
      confirmLabel={t('lost.confirm')}
      dangerous
      ready={id !== '' && reason.trim() !== ''}
      run={async (pin) => {
        try {
          await api.lost.report.run({ id, name, reason: reason.trim(), pin })
          notifyDone(t('lost.noted'))
          onClose()
        } finally {
          // Where the central server was not reached, the report stands all the same.
          onDone()
        }
      }}
      onClose={onClose}
    >
      {laptop === undefined && (
        <Select
          label={t('lost.which')}
          data={choices}
          value={id === '' ? null : id}
          onChange={(value) => setId(value ?? '')}
          allowDeselect={false}
          data-autofocus
        />
      )}
      {query.error && <FaultMessage fault={query.error} />}
      <Alert color="ochre">{t(id === OWN_FORMER ? 'lost.ownMeaning' : 'lost.revokeMeaning')}</Alert>
      <Textarea
        label={t('lost.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={200}
        autosize
        required
      />
    </DeedDialog>
  )
}
