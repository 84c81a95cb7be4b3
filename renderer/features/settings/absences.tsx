import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconPlaneDeparture } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DelegableRole, delegableRoles } from '../../../shared/rules/delegation.ts'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay, useOfficer } from '../../state/session.ts'
import type { Absence, OfficerView } from './answers.ts'
import { dayOf, noDays, readDays, StandInDays } from './stand-in-days.tsx'

/** Officers who will be away, and who is to stand in: arranged by themselves, confirmed by an administrator. */
export function Absences({ officers }: { officers: readonly OfficerView[] }) {
  const { t } = useTranslation('absences')
  const api = useApi()
  const show = useDialog()
  const me = useOfficer()
  const query = useQuery(api.officers.absences.queryOptions(undefined, { every: 10_000 }))
  const mine = officers.find(({ id }) => id === me.id)
  const refresh = (): void => void query.refetch()
  const open = query.data ?? []
  const may = useMay()
  const mayArrange = may && mine !== undefined && delegableRoles.some((role) => mine.roles.includes(role))
  if (open.length === 0 && !mayArrange) return null
  return (
    <Section
      title={t('title')}
      description={t('meaning')}
      actions={
        mayArrange && (
          <Button
            variant="default"
            leftSection={<IconPlaneDeparture size={16} />}
            onClick={() =>
              void show<void>((close) => (
                <ArrangeDialog me={mine} officers={officers} onDone={refresh} onClose={() => close()} />
              ))
            }
          >
            {t('arrange')}
          </Button>
        )
      }
    >
      {open.length === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <Stack>
          {open.map((absence) => (
            <Waiting key={absence.id} absence={absence} officers={officers} onDone={refresh} />
          ))}
        </Stack>
      )}
    </Section>
  )
}

interface WaitingProps {
  absence: Absence
  officers: readonly OfficerView[]
  onDone: () => void
}

function Waiting({ absence, officers, onDone }: WaitingProps) {
  const { t } = useTranslation('absences')
  const api = useApi()
  const format = useFormat()
  const askPin = useAskPin()
  const me = useOfficer()
  const may = useMay('administrator')
  const nameOf = (id: string): string => officers.find((officer) => officer.id === id)?.name ?? id
  const { id, from, to, role, begins, ends } = absence
  const mayWithdraw = useMay() && from === me.id
  const said = t('wish', {
    from: nameOf(from),
    to: nameOf(to),
    role: t(`common:roles.${role}`),
    begins: format.day(dayOf(begins)),
    // Ends are moments after the last day.
    ends: format.day(dayOf(ends - 1)),
  })
  const answer = async (accepted: boolean): Promise<void> => {
    const basedOn = officers.find((officer) => officer.id === to)?.changedAt ?? ''
    const word = accepted ? 'accept' : 'refuse'
    const done = await askPin({
      title: t(`${word}.title`),
      body: said,
      confirmLabel: t(`${word}.confirm`),
      run: (pin) => api.officers.answerAbsence.run({ id, basedOn, accepted, pin }),
    })
    if (done === undefined) return
    notifyDone(t(`${word}.done`))
    onDone()
  }
  const withdraw = async (): Promise<void> => {
    await api.officers.withdrawAbsence.run({ id })
    onDone()
  }
  return (
    <div data-absence={id}>
      <Text>{said}</Text>
      <Group gap="xs" mt={4}>
        {may && from !== me.id && (
          <>
            <Button size="xs" onClick={() => void answer(true)}>
              {t('accept.open')}
            </Button>
            <Button size="xs" variant="default" onClick={() => void answer(false)}>
              {t('refuse.open')}
            </Button>
          </>
        )}
        {mayWithdraw && (
          <>
            <Text size="sm" c="dimmed">
              {t('waits')}
            </Text>
            <Button size="xs" variant="subtle" onClick={() => void withdraw()}>
              {t('withdraw')}
            </Button>
          </>
        )}
      </Group>
    </div>
  )
}

interface ArrangeDialogProps {
  me: OfficerView
  officers: readonly OfficerView[]
  onDone: () => void
  onClose: () => void
}

function ArrangeDialog({ me, officers, onDone, onClose }: ArrangeDialogProps) {
  const { t } = useTranslation('absences')
  const api = useApi()
  const own = delegableRoles.filter((role) => me.roles.includes(role))
  const [role, setRole] = useState<DelegableRole | null>(own.length === 1 ? (own[0] ?? null) : null)
  const [to, setTo] = useState<string | null>(null)
  const [days, setDays] = useState(noDays)
  const span = readDays(days)
  const others = officers.filter(
    ({ id, state, roles }) => id !== me.id && state === 'active' && role !== null && !roles.includes(role),
  )
  return (
    <DeedDialog
      title={t('arrangeTitle')}
      confirmLabel={t('arrangeConfirm')}
      ready={role !== null && to !== null && span !== undefined}
      run={async (pin) => {
        if (role === null || to === null || span === undefined) return
        await api.officers.arrangeAbsence.run({ to, role, ...span, pin })
        notifyDone(t('arranged'))
        onDone()
        onClose()
      }}
      onClose={onClose}
    >
      <Text>{t('arrangeMeaning')}</Text>
      <Select
        label={t('role')}
        data={own.map((one) => ({ value: one, label: t(`common:roles.${one}`) }))}
        value={role}
        onChange={(value) => {
          setRole(own.find((one) => one === value) ?? null)
          setTo(null)
        }}
        data-autofocus
      />
      <Select
        label={t('to')}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={to}
        onChange={setTo}
        disabled={others.length === 0}
      />
      <StandInDays days={days} onChange={setDays} />
    </DeedDialog>
  )
}
