import { Button, Group, Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { Person } from '../../components/person.tsx'
import { Section } from '../../components/section.tsx'
import { useOfficer } from '../../state/session.ts'
import type { ApplicantView, OfficerView } from './answers.ts'
import { isOfficerComplete, type OfficerDraft, OfficerFields } from './officer-fields.tsx'
import classes from './officers.module.css'

/** Who signed in at a provider and waits for an administrator; nothing while nobody does. */
export function Applicants() {
  const { t } = useTranslation('providers')
  const api = useApi()
  const query = useQuery(api.signIn.applicants.queryOptions(undefined, { kinds: ['officer'] }))
  const officers = useQuery(api.officers.list.queryOptions(undefined, { kinds: ['officer'] }))
  if (query.data === undefined || query.data.length === 0) return null
  return (
    <Section title={t('applicants')} description={t('applicantsMeaning')} flush>
      <ul className={classes.list}>
        {query.data.map((applicant) => (
          <ApplicantRow key={applicant.id} applicant={applicant} officers={officers.data ?? []} />
        ))}
      </ul>
    </Section>
  )
}

function ApplicantRow({ applicant, officers }: { applicant: ApplicantView; officers: readonly OfficerView[] }) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const show = useDialog()
  const confirm = useConfirm()
  const { id, name, provider, officerId } = applicant
  const refuse = async (): Promise<void> => {
    const label = t('refuse')
    if (!(await confirm({ title: label, body: t('refuseMeaning', { name }), confirmLabel: label, dangerous: true })))
      return
    try {
      await api.signIn.refuse.run({ applicantId: id })
      notifyDone(t('refused'))
    } catch (error) {
      notifyFault(error)
    }
  }
  return (
    <li className={classes.row}>
      <div className={classes.person}>
        <Person name={name} detail={t(officerId === null ? 'asksNew' : 'asksLink', { provider })} />
      </div>
      <Group gap="xs">
        {officerId === null && (
          <Button
            size="xs"
            onClick={() => void show((close) => <ApproveDialog applicant={applicant} onClose={() => close()} />)}
          >
            {t('approve')}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            void show((close) => <LinkDialog applicant={applicant} officers={officers} onClose={() => close()} />)
          }
        >
          {t('linkTo')}
        </Button>
        <Button size="xs" variant="subtle" color="brick" onClick={() => void refuse()}>
          {t('refuse')}
        </Button>
      </Group>
    </li>
  )
}

/** Name, short name and roles of somebody who becomes an officer with the PIN they chose themselves. */
function ApproveDialog({ applicant, onClose }: { applicant: ApplicantView; onClose: () => void }) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const [draft, setDraft] = useState<OfficerDraft>({ name: applicant.name, login: '', roles: [] })
  const approve = async (pin: string): Promise<void> => {
    await api.signIn.approve.run({ applicantId: applicant.id, pin, ...draft })
    notifyDone(t('approved', { name: draft.name }))
    onClose()
  }
  return (
    <DeedDialog
      title={t('approveTitle', { name: applicant.name })}
      confirmLabel={t('approve')}
      ready={isOfficerComplete(draft)}
      pinHint={t('settings:signs')}
      run={approve}
      onClose={onClose}
    >
      <OfficerFields draft={draft} onChange={setDraft} focus="login" />
    </DeedDialog>
  )
}

interface LinkDialogProps {
  applicant: ApplicantView
  officers: readonly OfficerView[]
  onClose: () => void
}

/** Whose sign-in it is: the officer who asked, or one whom the administrator knows it to be. */
function LinkDialog({ applicant, officers, onClose }: LinkDialogProps) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const me = useOfficer()
  const [chosen, setChosen] = useState(applicant.officerId)
  const possible = officers.filter(({ id, isLinked }) => id !== me.id && !isLinked)
  const officer = possible.find(({ id }) => id === chosen)
  const link = async (pin: string): Promise<void> => {
    if (officer === undefined) return
    await api.signIn.link.run({ applicantId: applicant.id, id: officer.id, basedOn: officer.changedAt, pin })
    notifyDone(t('linkDone'))
    onClose()
  }
  return (
    <DeedDialog
      title={t('linkTitle')}
      confirmLabel={t('linkTo')}
      ready={officer !== undefined}
      pinHint={t('settings:signs')}
      run={link}
      onClose={onClose}
    >
      <Text>{t('linkMeaning')}</Text>
      <Select
        label={t('officer')}
        value={officer?.id ?? null}
        data={possible.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setChosen}
        disabled={applicant.officerId !== null}
        searchable
      />
    </DeedDialog>
  )
}
