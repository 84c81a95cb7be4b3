import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DelegableRole, delegableRoles } from '../../../shared/rules/delegation.ts'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import type { OfficerView } from './answers.ts'
import { noDays, readDays, StandInDays } from './stand-in-days.tsx'

interface DelegationDialogProps {
  /** Who is to stand in. */
  officer: OfficerView
  officers: readonly OfficerView[]
  onClose: () => void
}

/** Lets an officer have a role for another one, for whole days of this office. */
export function DelegationDialog({ officer, officers, onClose }: DelegationDialogProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [from, setFrom] = useState<string | null>(null)
  const [role, setRole] = useState<DelegableRole | null>(null)
  const [days, setDays] = useState(noDays)
  const span = readDays(days)
  const lenders = officers.filter(({ id, state }) => id !== officer.id && state === 'active')
  const theirs = lenders.find(({ id }) => id === from)?.roles ?? []
  const offered = delegableRoles.filter((one) => theirs.includes(one) && !officer.roles.includes(one))
  const run = async (pin: string): Promise<void> => {
    if (from === null || role === null || span === undefined) return
    await api.officers.delegate.run({ id: officer.id, basedOn: officer.changedAt, from, role, ...span, pin })
    notifyDone(t('officers.delegated', { name: officer.name }))
    onClose()
  }
  return (
    <DeedDialog
      title={t('officers.delegateTitle', { name: officer.name })}
      confirmLabel={t('officers.delegateConfirm')}
      ready={from !== null && role !== null && span !== undefined}
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
      <StandInDays days={days} onChange={setDays} />
    </DeedDialog>
  )
}
