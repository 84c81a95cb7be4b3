import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import type { OfficeFacts } from './answers.ts'
import { UpkeepSection } from './upkeep-section.tsx'

/** The office itself: its name, where it lies, how it is locked, and whether its file is sound. */
export function OfficeSettings() {
  const api = useApi()
  const query = useQuery(api.setup.office.queryOptions())
  return (
    <Answer query={query}>
      {(office) => (
        <>
          <Names key={office.officeName} office={office} onSaved={() => void query.refetch()} />
          <Facts office={office} onChanged={() => void query.refetch()} />
          <UpkeepSection />
          <Leaving office={office} />
        </>
      )}
    </Answer>
  )
}

function Names({ office, onSaved }: { office: OfficeFacts; onSaved: () => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const queryClient = useQueryClient()
  const may = useMay('administrator')
  const [officeName, setOfficeName] = useState(office.officeName)
  const [autoLockMinutes, setAutoLock] = useState(office.autoLockMinutes)
  const save = useMutation({
    ...api.setup.change.mutationOptions(),
    onSuccess: () => {
      notifyDone(t('saved'))
      onSaved()
      void queryClient.invalidateQueries({ queryKey: api.setup.status.queryKey() })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate({ officeName, autoLockMinutes })
  }
  const changed = officeName.trim() !== office.officeName || autoLockMinutes !== office.autoLockMinutes
  return (
    <Section title={t('sections.office')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={t('office.name')}
            value={officeName}
            onChange={(event) => setOfficeName(event.currentTarget.value)}
            maxLength={200}
            readOnly={!may}
            required
          />
          <NumberInput
            label={t('office.autoLock')}
            description={t('office.autoLockMeaning')}
            value={autoLockMinutes}
            onChange={(value) => setAutoLock(Number(value))}
            min={0}
            max={480}
            allowDecimal={false}
            readOnly={!may}
          />
          {save.error && <FaultMessage fault={save.error} />}
          {may && (
            <Group>
              <Button type="submit" loading={save.isPending} disabled={!changed || officeName.trim() === ''}>
                {t('save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  )
}

function Facts({ office, onChanged }: { office: OfficeFacts; onChanged: () => void }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const declare = async (): Promise<void> => {
    const done = await askPin({
      title: t('office.declareSole'),
      body: t('office.declareSoleMeaning'),
      confirmLabel: t('office.declareSole'),
      run: (pin) => api.dispatch.declareSoleOffice.run({ pin }),
    })
    if (done) onChanged()
  }
  return (
    <Section
      title={t('office.facts')}
      actions={
        may &&
        !office.soleOffice &&
        !office.central &&
        !office.training && (
          <Button variant="default" onClick={() => void declare()}>
            {t('office.declareSole')}
          </Button>
        )
      }
    >
      <FactList
        facts={[
          { name: t('office.directory'), value: <CopyText value={office.directory} /> },
          { name: t('office.installation'), value: <CopyText value={office.installationId} /> },
          {
            name: t('office.claims'),
            value: t(office.central ? 'office.withCentral' : office.soleOffice ? 'office.sole' : 'office.notSole'),
          },
          { name: t('office.origin'), value: t(office.provisioned ? 'office.provisioned' : 'office.byHand') },
        ]}
      />
    </Section>
  )
}

function Leaving({ office }: { office: OfficeFacts }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const queryClient = useQueryClient()
  const confirm = useConfirm()
  const leave = async (): Promise<void> => {
    const sure = await confirm(
      office.training
        ? { title: t('office.leaveTraining'), body: t('office.leaveTrainingMeaning'), confirmLabel: t('office.leave') }
        : { title: t('office.lock'), body: t('office.lockMeaning'), confirmLabel: t('office.lockNow') },
    )
    if (!sure) return
    try {
      const status = await (office.training ? api.setup.leaveTraining.run() : api.setup.lock.run())
      queryClient.setQueryData(api.session.current.queryKey(), null)
      queryClient.setQueryData(api.setup.status.queryKey(), status)
    } catch (error) {
      notifyFault(error)
    }
  }
  return (
    <Section
      title={t(office.training ? 'office.leaveTraining' : 'office.lock')}
      description={t(office.training ? 'office.leaveTrainingMeaning' : 'office.lockMeaning')}
    >
      <Button variant="default" leftSection={<IconLock size={16} />} onClick={() => void leave()}>
        {t(office.training ? 'office.leave' : 'office.lockNow')}
      </Button>
    </Section>
  )
}
