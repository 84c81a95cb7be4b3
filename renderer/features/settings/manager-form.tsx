import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { ManagerView, ProfileView } from './answers.ts'
import { BatchTagsSection } from './batch-tags-section.tsx'
import { ConnectionSection } from './connection-section.tsx'
import { asFileDraft } from './file-draft.ts'
import { FilePayerSection } from './file-payer-section.tsx'
import { FileSection, ResultsSection } from './file-section.tsx'
import { HubEndpointSection, HubPayerSection, HubSecuritySection } from './hub-sections.tsx'
import type { ManagerDraft } from './manager-draft.ts'
import { ManagerKind, type OfferedKind } from './manager-kind.tsx'
import { goTo, ManagerOutline, placeOf, sectionOf } from './manager-outline.tsx'
import { ProfileSection } from './manager-profile.tsx'
import { EndpointSection, PayerSection, SendingSection, StatusSection } from './manager-sections.tsx'
import { PayeeSection } from './payee-section.tsx'
import { ProofSection } from './proof-section.tsx'
import { SecuritySection } from './security-section.tsx'
import classes from './settings.module.css'

export interface ManagerFormPart {
  readonly draft: ManagerDraft
  readonly change: (part: Partial<ManagerDraft>) => void
  /** The sentence of what is wrong at a place; undefined when nothing is. */
  readonly wrongAt: (path: string) => string | undefined
  /** Of what is only doubtful. */
  readonly doubtAt: (path: string) => string | undefined
  readonly readOnly: boolean
  /** The profile that the draft names; undefined until it is known. */
  readonly profile: ProfileView | undefined
}

interface ManagerFormProps {
  id: string | null
  basedOn: string | null
  draft: ManagerDraft
  /** What stands above the form beside its outline: what is done with a manager that exists. */
  above?: readonly { readonly place: 'selfTest' | 'secret' | 'mapper'; readonly content: ReactNode }[]
  onSaved: (manager: ManagerView) => void
}

/** Every setting of a payment manager, checked by the core while it is written. */
export function ManagerForm({ id, basedOn, draft: before, above = [], onSaved }: ManagerFormProps) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const [draft, setDraft] = useState(before)
  const [tried, setTried] = useState(id !== null)
  const [settled] = useDebouncedValue(draft, 300)
  const query = useQuery(
    api.managers.preview.queryOptions(
      { id, settings: settled },
      { keepPrevious: true, enabled: may, kinds: ['batch', 'conformanceReport', 'paymentManager'] },
    ),
  )
  const profiles = useQuery(api.managers.profiles.queryOptions()).data ?? []
  const findings = query.data?.findings ?? []
  const sentenceAt = (path: string, weight: 'error' | 'warning'): string | undefined => {
    const found = findings.find((one) => one.path === path && one.weight === weight)
    return found && codeSentence(t, found.code, found.params)
  }
  const part: ManagerFormPart = {
    draft,
    change: (changed) => setDraft((known) => ({ ...known, ...changed })),
    wrongAt: (path) => (tried ? sentenceAt(path, 'error') : undefined),
    doubtAt: (path) => sentenceAt(path, 'warning'),
    readOnly: !may,
    profile: profiles.find(({ name }) => name === draft.profile),
  }
  const errors = findings.filter(({ weight }) => weight === 'error')
  const { approvalsLost = 0, fieldsToApproveAgain = [] } = query.data ?? {}
  const changed = JSON.stringify(draft) !== JSON.stringify(before)

  const save = async (): Promise<void> => {
    setTried(true)
    const { findings: now, approvalsLost: lost } = await api.managers.preview.ask({ id, settings: draft })
    const wrong = now.find(({ weight }) => weight === 'error')
    if (wrong !== undefined) {
      const section = sectionOf(wrong.path, draft.kind)
      if (section !== undefined) goTo(placeOf(section))
      return
    }
    const done = await askPin({
      title: t(id === null ? 'managers.create' : 'managers.save'),
      body: lost > 0 ? codeSentence(t, 'manager.approvals-lost', { count: lost }) : t('signs'),
      confirmLabel: t('save'),
      run: (pin) => api.managers.save.run({ id, basedOn, pin, settings: draft, approvalsLost: lost }),
    })
    if (!done) return
    notifyDone(t('saved'))
    onSaved(done.value)
  }
  /** What the other kind does not have is forgotten, so that nothing of it is signed. */
  const chooseKind = (kind: OfferedKind): void => {
    if (kind === draft.kind) return
    const key = before.signing.kind === 'placeholder' ? '' : before.signing.keyId
    setDraft(kind === 'file' ? asFileDraft(draft, key) : { ...before, name: draft.name })
  }
  const form = (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <fieldset disabled={!may} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack>
          {id === null && <ManagerKind kind={draft.kind} onChoose={chooseKind} />}
          {draft.paymentFile === undefined ? (
            <SystemSections {...part} profiles={profiles} />
          ) : (
            <>
              <FileSection {...part} settings={draft.paymentFile} />
              <FilePayerSection {...part} />
              <PayeeSection {...part} />
              <BatchTagsSection {...part} />
              <SendingSection {...part} />
              <ResultsSection {...part} settings={draft.paymentFile} />
            </>
          )}
        </Stack>
      </fieldset>
      {may && (
        <div className={classes.preview}>
          <Stack gap="xs">
            {query.error && <FaultMessage fault={query.error} />}
            {tried && errors.length > 0 && (
              <Alert color="ochre" role="alert" title={t('managers.wrong', { count: errors.length })}>
                <List size="sm">
                  {errors.map(({ path, code, params }) => (
                    <List.Item key={`${path} ${code}`}>
                      <b>{t(labelOf(path))}</b>: {codeSentence(t, code, params)}
                    </List.Item>
                  ))}
                </List>
              </Alert>
            )}
            {fieldsToApproveAgain.length > 0 && (
              <Alert color={approvalsLost > 0 ? 'ochre' : 'slate'} role="status" title={t('managers.again')}>
                {t('managers.againMeaning', {
                  fields: format.list(fieldsToApproveAgain.map((field) => t(`fields.${field}`))),
                })}{' '}
                {approvalsLost > 0 && <b>{codeSentence(t, 'manager.approvals-lost', { count: approvalsLost })}</b>}
              </Alert>
            )}
            <Group>
              <Button type="submit" disabled={!changed}>
                {t(id === null ? 'managers.create' : 'save')}
              </Button>
              {!changed && id !== null && <Text c="dimmed">{t('managers.unchanged')}</Text>}
            </Group>
          </Stack>
        </div>
      )}
    </form>
  )
  return (
    <div className={classes.columns}>
      <ManagerOutline
        kind={draft.kind}
        above={above.map(({ place }) => place)}
        wrong={new Set(tried ? errors.map(({ path }) => sectionOf(path, draft.kind)) : [])}
      />
      <div className={classes.content}>
        {above.map(({ place, content }) => (
          <Fragment key={place}>{content}</Fragment>
        ))}
        {form}
      </div>
    </div>
  )
}

function labelOf(path: string): string {
  const [field = path, inner] = path.split('.')
  return field === 'paymentHub' && inner !== undefined ? `hub.${inner}` : `fields.${field}`
}

/** Every setting of a payment system. */
function SystemSections({ profiles, ...part }: ManagerFormPart & { readonly profiles: readonly ProfileView[] }) {
  return (
    <>
      <ProfileSection {...part} profiles={profiles} />
      {part.draft.kind === 'payment-hub' ? (
        <>
          <HubEndpointSection {...part} />
          <ConnectionSection {...part} />
          <HubSecuritySection {...part} />
          <HubPayerSection {...part} />
        </>
      ) : (
        <>
          <EndpointSection {...part} />
          <ConnectionSection {...part} />
          <SecuritySection {...part} />
          <PayerSection {...part} />
        </>
      )}
      <PayeeSection {...part} />
      <BatchTagsSection {...part} />
      <SendingSection {...part} />
      <StatusSection {...part} />
      <ProofSection {...part} />
    </>
  )
}
