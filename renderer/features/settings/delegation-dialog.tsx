import { Group, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DelegableRole, delegableRoles } from '../../../shared/rules/delegation.ts'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import type { OfficerView } from './answers.ts'

interface DelegationDialogProps {
  /** Who is to stand in. */
  officer: OfficerView
  officers: readonly OfficerView[]
  onClose: () => void
}

/** The moment at which a day begins here, so many days later; undefined for what is no day. */
function startOf(day: string, later = 0): number | undefined {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return undefined
  const at = new Date(year, month - 1, date + later).getTime()
  return Number.isNaN(at) ? undefined : at
}

/** Lets an officer have a role for another one, for whole days of this office. */
export function DelegationDialog({ officer, officers, onClose }: DelegationDialogProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [from, setFrom] = useState<string | null>(null)
  const [role, setRole] = useState<DelegableRole | null>(null)
  const [first, setFirst] = useState('')
  const [last, setLast] = useState('')
  const [begins, ends] = [startOf(first), startOf(last, 1)]
  const lenders = officers.filter(({ id, state }) => id !== officer.id && state === 'active')
  const theirs = lenders.find(({ id }) => id === from)?.roles ?? []
  const offered = delegableRoles.filter((one) => theirs.includes(one) && !officer.roles.includes(one))
  const run = async (pin: string): Promise<void> => {
    if (from === null || role === null || begins === undefined || ends === undefined) return
    await api.officers.delegate.run({ id: officer.id, basedOn: officer.changedAt, from, role, begins, ends, pin })
    notifyDone(t('officers.delegated', { name: officer.name }))
    onClose()
  }
  return (
    <DeedDialog
      title={t('officers.delegateTitle', { name: officer.name })}
      confirmLabel={t('officers.delegateConfirm')}
      ready={from !== null && role !== null && begins !== undefined && ends !== undefined}
      pinHint={t('signs')}
      run={run}
      onClose={onClose}
    >
      <Text>{t('officers.delegateMeaning', { name: officer.name })}</Text>
      <Select
        label={t('officers.delegateFrom')}
        data={lenders.map(({ id, name }) => ({ value: id, label: name }))}
        value={from}
        onChange={(value) => {
          setFrom(value)
          setRole(null)
        }}
        data-autofocus
      />
      <Select
        label={t('officers.delegateRole')}
        data={offered.map((one) => ({ value: one, label: t(`common:roles.${one}`) }))}
        value={role}
        onChange={(value) => setRole(delegableRoles.find((one) => one === value) ?? null)}
        disabled={offered.length === 0}
      />
      <Group grow>
        <TextInput
          type="date"
          label={t('officers.delegateBegins')}
          value={first}
          onChange={(event) => setFirst(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('officers.delegateEnds')}
          value={last}
          onChange={(event) => setLast(event.currentTarget.value)}
        />
      </Group>
    </DeedDialog>
  )
}
