import { ActionIcon, Alert, Badge, Button, Menu, Stack, Text } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Person } from '../../components/person.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay, useOfficer } from '../../state/session.ts'
import { Absences } from './absences.tsx'
import type { OfficerView } from './answers.ts'
import { DelegationDialog } from './delegation-dialog.tsx'
import { DelegationList } from './delegation-list.tsx'
import { OfficerDialog } from './officer-dialog.tsx'
import classes from './officers.module.css'
import { ResetDialog } from './reset-dialog.tsx'

/** Everybody who works in this office. */
export function OfficersList() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const show = useDialog()
  const may = useMay('administrator')
  const query = useQuery(api.officers.list.queryOptions(undefined, { kinds: ['officer'] }))
  const create = (): void => void show((close) => <OfficerDialog officer={undefined} onClose={() => close()} />)
  return (
    <>
      <Section
        title={t('sections.officers')}
        description={t('officers.meaning')}
        flush
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} />} onClick={create}>
              {t('officers.new')}
            </Button>
          )
        }
      >
        <Answer query={query}>
          {(officers) => (
            <ul className={classes.list}>
              {officers.map((officer) => (
                <OfficerRow key={officer.id} officer={officer} officers={officers} may={may} />
              ))}
            </ul>
          )}
        </Answer>
      </Section>
      {query.data && <Absences officers={query.data} />}
    </>
  )
}

interface OfficerRowProps {
  officer: OfficerView
  officers: readonly OfficerView[]
  may: boolean
}

function OfficerRow({ officer, officers, may }: OfficerRowProps) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const nameOf = (id: string): string => officers.find((other) => other.id === id)?.name ?? id
  return (
    <li className={classes.row}>
      <div className={classes.person}>
        <Person
          name={officer.name}
          detail={`${officer.login} · ${format.list(officer.roles.map((role) => t(`common:roles.${role}`)))}`}
        />
        {officer.sponsors.length > 0 && (
          <Text size="sm" c="dimmed">
            {t('officers.sponsors', { names: format.list(officer.sponsors.map(nameOf)) })}
          </Text>
        )}
        <DelegationList officer={officer} nameOf={nameOf} may={may} />
        {!officer.trusted && (
          <Alert color="brick" role="alert" mt="xs">
            {t('officers.untrusted')}
          </Alert>
        )}
        {officer.state === 'unapproved' && (
          <WaitingReset
            officer={officer}
            resetBy={officer.resetBy === null ? '—' : nameOf(officer.resetBy)}
            may={may}
          />
        )}
      </div>
      <Stack gap={4} align="flex-end">
        <StateBadge kind="officer" state={officer.state} />
        {officer.firstPin && officer.state === 'active' && (
          <Badge variant="light" color="gray" tt="none">
            {t('officers.firstPin')}
          </Badge>
        )}
        {officer.provider !== null && (
          <Badge variant="light" color="slate" tt="none">
            {t('officers.linked', { name: officer.provider })}
          </Badge>
        )}
        {!officer.hasKey && (
          <Badge variant="light" color="ochre" tt="none">
            {t('officers.noKey')}
          </Badge>
        )}
      </Stack>
      {may && <OfficerMenu officer={officer} officers={officers} />}
    </li>
  )
}

/** A decision about an officer under the administrator's PIN. */
function useDecision({ id, name, changedAt, provider }: OfficerView) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const askPin = useAskPin()
  return async (word: 'suspend' | 'reactivate' | 'confirm' | 'unlink'): Promise<void> => {
    const done = await askPin({
      title: t(`officers.${word}`, { name: provider ?? '' }),
      body: t(`officers.${word}Meaning`, { name }),
      confirmLabel: t(`officers.${word}`, { name: provider ?? '' }),
      run: async (pin): Promise<unknown> => {
        const edit = { id, basedOn: changedAt, pin }
        if (word === 'confirm') return api.officers.confirmReset.run(edit)
        if (word === 'unlink') return api.signIn.unlink.run(edit)
        return api.officers.setState.run({ ...edit, state: word === 'suspend' ? 'suspended' : 'active' })
      },
    })
    if (done) notifyDone(t(`officers.${word}Done`, { name }))
  }
}

/** A reset that waits, and its one action for whoever may take it: any administrator but the one who reset it and the officer. */
function WaitingReset({ officer, resetBy, may }: { officer: OfficerView; resetBy: string; may: boolean }) {
  const { t } = useTranslation('settings')
  const me = useOfficer()
  const decide = useDecision(officer)
  return (
    <Stack gap="xs" align="flex-start">
      <Text size="sm" fw={600}>
        {t('officers.waits', { name: resetBy })}
      </Text>
      {may && officer.id !== me.id && officer.resetBy !== me.id && (
        <Button size="xs" onClick={() => void decide('confirm')}>
          {t('officers.confirm')}
        </Button>
      )}
    </Stack>
  )
}

function OfficerMenu({ officer, officers }: { officer: OfficerView; officers: readonly OfficerView[] }) {
  const { t } = useTranslation('settings')
  const show = useDialog()
  const me = useOfficer()
  const { id, name, state } = officer
  const own = id === me.id
  const decide = useDecision(officer)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label={t('officers.menu', { name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void show((close) => <OfficerDialog officer={officer} onClose={() => close()} />)}>
          {t('officers.edit')}
        </Menu.Item>
        {!own && (
          <Menu.Item onClick={() => void show((close) => <ResetDialog officer={officer} onClose={() => close()} />)}>
            {t('officers.reset')}
          </Menu.Item>
        )}
        {!own && state === 'active' && (
          <Menu.Item
            onClick={() =>
              void show((close) => <DelegationDialog officer={officer} officers={officers} onClose={() => close()} />)
            }
          >
            {t('officers.delegate')}
          </Menu.Item>
        )}
        {!own && officer.isLinked && (
          <Menu.Item onClick={() => void decide('unlink')}>
            {t('officers.unlink', { name: officer.provider ?? '' })}
          </Menu.Item>
        )}
        {!own && state !== 'suspended' && (
          <Menu.Item color="brick" onClick={() => void decide('suspend')}>
            {t('officers.suspend')}
          </Menu.Item>
        )}
        {state === 'suspended' && (
          <Menu.Item onClick={() => void decide('reactivate')}>{t('officers.reactivate')}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
