import { Badge, Button, Menu, Stack, Tabs, Text } from '@mantine/core'
import { IconDots, IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { ReceiptLine } from '../../../components/central/receipt-line.tsx'
import { useConfirm } from '../../../components/confirm-dialog.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { notifyDone, notifyFault, notifyUndo } from '../../../components/notify.tsx'
import { PageHeader } from '../../../components/page-header.tsx'
import { Screen } from '../../../components/screen.tsx'
import { Section } from '../../../components/section.tsx'
import { useShortcut } from '../../../components/shortcuts.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { useMay } from '../../../state/session.ts'
import { type RecordPage, recordKinds } from '../answers.ts'
import { FactsForm, factsOf } from '../facts-form.tsx'
import { LookAlikes } from '../look-alikes.tsx'
import { CheckSection } from './check-section.tsx'
import { ConsentSection } from './consent-section.tsx'
import { ContactsSection } from './contacts-section.tsx'
import { DeathDialog } from './death-dialog.tsx'
import { EraseDialog } from './erase-dialog.tsx'
import { FactsSection } from './facts-section.tsx'
import { HistorySection } from './history-section.tsx'
import { IdentitySection } from './identity-section.tsx'
import { MembersSection } from './members-section.tsx'
import { EnrolmentsSection, PaymentsSection } from './money-sections.tsx'
import { useSaveFacts } from './save-facts.ts'

const TABS = ['about', 'members', 'payments', 'history'] as const

/** The page of one registrant. */
export function RecordScreen() {
  const { id = '' } = useParams()
  const api = useApi()
  const { t } = useTranslation('registrants')
  const query = useQuery(api.registry.record.queryOptions({ id }, { kinds: recordKinds }))
  return (
    <Screen>
      <Answer
        query={query}
        loading={<PageHeader title={t('record.loading')} back={{ to: '/registrants', label: t('list.title') }} />}
      >
        {(page) => <RecordContent key={id} page={page} />}
      </Answer>
    </Screen>
  )
}

function RecordContent({ page }: { page: RecordPage }) {
  const { view } = page
  const { t } = useTranslation('registrants')
  const api = useApi()
  const navigate = useNavigate()
  const format = useFormat()
  const confirm = useConfirm()
  const ask = useDialog()
  const clerk = useMay('clerk')
  const administrator = useMay('administrator')
  const mayEdit = clerk && !view.removed
  const isErased = view.removed && view.erasedAt !== undefined
  const { tab } = useParams()
  const [editing, setEditing] = useState(false)
  const shown = TABS.find((known) => known === tab) ?? 'about'
  const { save, isLive } = useSaveFacts(view)
  const alike = useQuery(
    api.registry.lookAlikes.queryOptions({ id: view.id }, { kinds: ['registrant', 'identityNumber'] }),
  )
  const edit = (): void => {
    setEditing(true)
    void navigate(`/registrants/${view.id}`, { replace: true })
  }
  useShortcut({ keys: 'e', label: t('record.edit'), run: edit }, mayEdit && !editing)

  const remove = async (): Promise<void> => {
    const sure = await confirm({
      title: t('record.removeTitle', { name: view.name }),
      body: t('record.removeBody'),
      confirmLabel: t('record.remove'),
      dangerous: true,
    })
    if (!sure) return
    try {
      await api.registry.remove.run({ id: view.id })
      notifyUndo(t('record.removed', { name: view.name }), () => api.registry.restore.run({ id: view.id }))
    } catch (error) {
      notifyFault(error)
    }
  }
  const restore = (): void =>
    void api.registry.restore
      .run({ id: view.id })
      .then(() => notifyDone(t('record.restored', { name: view.name })), notifyFault)
  const erase = (): void => void ask((close) => <EraseDialog view={view} onClose={() => close()} />)
  const recordDeath = (): void => void ask((close) => <DeathDialog view={view} onClose={() => close()} />)

  return (
    <>
      <PageHeader
        title={isErased ? t('keeping:erase.badge') : view.name}
        subtitle={
          <>
            {[t(`kinds.${view.kind}`), view.registryNumber, view.area].filter(Boolean).join(' · ')}
            <ReceiptLine kind="registrant" id={view.id} />
          </>
        }
        back={{ to: '/registrants', label: t('list.title') }}
        badges={
          <>
            {view.removed && !isErased && (
              <Badge color="brick" variant="light" tt="none">
                {t('record.isRemoved')}
              </Badge>
            )}
            {view.deceasedOn !== null && (
              <Badge color="gray" variant="light" tt="none">
                {t('record.diedOn', { day: format.day(view.deceasedOn) })}
              </Badge>
            )}
          </>
        }
        actions={
          (clerk || administrator) &&
          !isErased && (
            <>
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" aria-label={t('record.more')} px="xs">
                    <IconDots size={18} />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {clerk && view.kind === 'individual' && !view.removed && (
                    <Menu.Item onClick={recordDeath}>{t('record.death')}</Menu.Item>
                  )}
                  {clerk && view.removed && <Menu.Item onClick={restore}>{t('record.restore')}</Menu.Item>}
                  {clerk && !view.removed && (
                    <Menu.Item color="brick" onClick={() => void remove()}>
                      {t('record.remove')}
                    </Menu.Item>
                  )}
                  {administrator && (
                    <Menu.Item color="brick" onClick={erase}>
                      {t('keeping:erase.menu')}
                    </Menu.Item>
                  )}
                </Menu.Dropdown>
              </Menu>
              {mayEdit && (
                <Button leftSection={<IconPencil size={16} />} onClick={edit} disabled={editing}>
                  {t('record.edit')}
                </Button>
              )}
            </>
          )
        }
      />
      <LookAlikes found={alike.data} />
      <Tabs
        value={shown}
        onChange={(next) => void navigate(`/registrants/${view.id}/${next ?? ''}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {name === 'members' ? t(view.kind === 'group' ? 'record.members' : 'record.groups') : t(`record.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="about" pt="md">
          {isErased ? (
            <Text>{t('keeping:erase.left')}</Text>
          ) : (
            <Stack>
              {editing ? (
                <Section title={t('record.facts')}>
                  <FactsForm
                    isLive={isLive}
                    kind={view.kind}
                    facts={factsOf(view)}
                    base={view.changedAt}
                    save={save}
                    onSaved={() => {
                      setEditing(false)
                      notifyDone(t('form.saved'))
                    }}
                    onCancel={() => setEditing(false)}
                    saveLabel={t('form.save')}
                  />
                </Section>
              ) : (
                <FactsSection view={view} />
              )}
              <ContactsSection view={view} mayEdit={mayEdit} />
              <IdentitySection view={view} mayEdit={mayEdit} />
              {view.kind === 'individual' && <CheckSection view={view} mayEdit={mayEdit} />}
              {view.kind === 'individual' && <ConsentSection view={view} mayEdit={mayEdit} />}
            </Stack>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="members" pt="md">
          <MembersSection page={page} mayEdit={mayEdit} />
        </Tabs.Panel>
        <Tabs.Panel value="payments" pt="md">
          <Stack>
            <EnrolmentsSection page={page} />
            <PaymentsSection page={page} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          <HistorySection page={page} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
