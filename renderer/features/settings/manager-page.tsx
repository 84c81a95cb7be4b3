import { Alert, Button, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Screen } from '../../components/screen.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useMay, useSession } from '../../state/session.ts'
import type { ManagerView } from './answers.ts'
import { draftOf, newManager } from './manager-draft.ts'
import { ManagerForm } from './manager-form.tsx'
import { ManagerSecret } from './manager-secret.tsx'
import { MapperDesk } from './mapper-desk.tsx'
import { SelfTest } from './self-test.tsx'

/** One payment manager, or a new one. */
export function ManagerPage() {
  const { t } = useTranslation('settings')
  const { managerId = 'new' } = useParams()
  const back = { to: '/settings/managers', label: t('sections.managers') }
  if (managerId === 'new') {
    return (
      <Screen>
        <PageHeader title={t('managers.new')} subtitle={t('managers.newMeaning')} back={back} />
        <NewManager />
      </Screen>
    )
  }
  return <KnownManager key={managerId} id={managerId} back={back} />
}

function NewManager() {
  const api = useApi()
  const navigate = useNavigate()
  const training = useSession((session) => session.training)
  const keys = useQuery(api.managers.messageKeys.queryOptions())
  return (
    <Answer query={keys}>
      {(known) => (
        <ManagerForm
          id={null}
          basedOn={null}
          draft={newManager(
            training,
            known.find(({ purpose, type }) => purpose === 'signing' && type === 'ed25519')?.keyId,
          )}
          onSaved={({ id }) => void navigate(`/settings/managers/${id}`, { replace: true })}
        />
      )}
    </Answer>
  )
}

function KnownManager({ id, back }: { id: string; back: { to: string; label: string } }) {
  const api = useApi()
  const query = useQuery(api.managers.open.queryOptions({ id }, { kinds: ['paymentManager', 'officer'] }))
  return (
    <Screen>
      <Answer query={query}>
        {(manager) => <OpenManager manager={manager} back={back} onChanged={() => void query.refetch()} />}
      </Answer>
    </Screen>
  )
}

interface OpenManagerProps {
  manager: ManagerView
  back: { to: string; label: string }
  onChanged: () => void
}

function OpenManager({ manager, back, onChanged }: OpenManagerProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const { id, changedAt, name, state } = manager
  const toggle = async (): Promise<void> => {
    const next = state === 'active' ? 'suspended' : 'active'
    const word = next === 'suspended' ? 'suspend' : 'reactivate'
    const done = await askPin({
      title: t(`managers.${word}`),
      body: t(`managers.${word}Meaning`, { name }),
      confirmLabel: t(`managers.${word}`),
      run: (pin) => api.managers.setState.run({ id, basedOn: changedAt, pin, state: next }),
    })
    if (done) {
      notifyDone(t('saved'))
      onChanged()
    }
  }
  const secret = { place: 'secret', content: <ManagerSecret manager={manager} onChanged={onChanged} /> } as const
  const selfTest = { place: 'selfTest', content: <SelfTest manager={manager} /> } as const
  const isMapped = manager.payeeIdType === 'mapper'
  const mapper = { place: 'mapper', content: <MapperDesk manager={manager} onChanged={onChanged} /> } as const
  const ofEndpoint = manager.needsSecret ? (manager.hasSecret ? [selfTest, secret] : [secret, selfTest]) : [selfTest]
  // A file has no endpoint that could be asked anything.
  const ofSystem = manager.kind === 'file' ? [] : ofEndpoint
  return (
    <Stack>
      <PageHeader
        title={name}
        back={back}
        badges={<StateBadge kind="manager" state={state} />}
        actions={
          may && (
            <Button variant="default" color={state === 'active' ? 'brick' : 'spruce'} onClick={() => void toggle()}>
              {t(state === 'active' ? 'managers.suspend' : 'managers.reactivate')}
            </Button>
          )
        }
      />
      {!manager.trusted && (
        <Alert color="brick" role="alert" title={t('managers.untrusted')}>
          {t('managers.untrustedMeaning')}
        </Alert>
      )}
      <ManagerForm
        key={changedAt}
        id={id}
        basedOn={changedAt}
        draft={draftOf(manager)}
        above={may ? [...ofSystem, ...(isMapped ? [mapper] : [])] : []}
        onSaved={onChanged}
      />
    </Stack>
  )
}
