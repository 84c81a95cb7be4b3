import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { OfficerView } from './answers.ts'
import { dayOf } from './stand-in-days.tsx'

interface DelegationListProps {
  officer: OfficerView
  nameOf: (id: string) => string
  /** Whether who looks may end one. */
  may: boolean
}

/** For whom an officer stands in, now or from a day to come. */
export function DelegationList({ officer, nameOf, may }: DelegationListProps) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const api = useApi()
  const askPin = useAskPin()
  const end = async (delegationId: string): Promise<void> => {
    const done = await askPin({
      title: t('officers.endDelegation'),
      body: t('officers.endDelegationMeaning', { name: officer.name }),
      confirmLabel: t('officers.endDelegation'),
      run: (pin) => api.officers.endDelegation.run({ id: officer.id, basedOn: officer.changedAt, delegationId, pin }),
    })
    if (done) notifyDone(t('officers.delegationEnded'))
  }
  return officer.delegations
    .filter(({ ends }) => ends > Date.now())
    .map(({ id, from, role, begins, ends }) => (
      <Group key={id} gap="xs">
        <Text size="sm" fw={600}>
          {t('officers.standsIn', {
            name: nameOf(from),
            role: t(`common:roles.${role}`),
            begins: format.day(dayOf(begins)),
            // Ends are moments after the last day.
            ends: format.day(dayOf(ends - 1)),
          })}
        </Text>
        {may && (
          <Button size="compact-xs" variant="subtle" onClick={() => void end(id)}>
            {t('officers.endDelegation')}
          </Button>
        )}
      </Group>
    ))
}
