import { Anchor, Badge, Button, Group, Modal, MultiSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { MembershipKind } from '../../../../shared/model/registrant.ts'
import { useApi } from '../../../api/provider.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { notifyDone, notifyFault, notifyUndo } from '../../../components/notify.tsx'
import { Section } from '../../../components/section.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { useFormat } from '../../../i18n/format.ts'
import { todayText } from '../../../i18n/today.ts'
import type { Problem, RecordPage, RegistrantRow, View } from '../answers.ts'
import { PickRegistrant } from '../pick-registrant.tsx'

type Entry = RecordPage['memberships'][number]

/** The members of a group, or the groups of a person: current ones first, ended ones with their day. */
export function MembersSection({ page: { view, memberships }, mayEdit }: { page: RecordPage; mayEdit: boolean }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const ask = useDialog()
  const format = useFormat()
  const open = (known?: Entry): void =>
    void ask((close) => <MembershipDialog view={view} known={known} onClose={() => close()} />)
  const remove = async ({ membership, other }: Entry): Promise<void> => {
    try {
      await api.registry.removeMembership.run({ id: membership.id, removed: true })
      notifyUndo(t('members.removed', { name: other.name }), () =>
        api.registry.removeMembership.run({ id: membership.id, removed: false }),
      )
    } catch (error) {
      notifyFault(error)
    }
  }
  const rank = ({ membership }: Entry): string =>
    `${membership.endedDate === null ? 0 : 1}${membership.kinds.includes('head') ? 0 : 1}${membership.startDate}`
  const sorted = [...memberships].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  return (
    <Section
      title={t(view.kind === 'group' ? 'record.members' : 'record.groups')}
      actions={
        mayEdit && (
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => open()}>
            {t(view.kind === 'group' ? 'members.addPerson' : 'members.addGroup')}
          </Button>
        )
      }
    >
      {sorted.length === 0 ? (
        <Text c="dimmed">{t('members.none')}</Text>
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('fields.name')}</Table.Th>
              <Table.Th>{t('members.kinds')}</Table.Th>
              <Table.Th>{t('members.start')}</Table.Th>
              <Table.Th>{t('members.end')}</Table.Th>
              {mayEdit && <Table.Th />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((entry) => {
              const { membership, other } = entry
              return (
                <Table.Tr key={membership.id}>
                  <Table.Td>
                    <Anchor component={Link} to={`/registrants/${other.id}`}>
                      <bdi>{other.name}</bdi>
                    </Anchor>
                    {other.deceasedOn !== null && (
                      <Text span size="sm" c="dimmed">
                        {' '}
                        {t('deceased')}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Group gap={4}>
                      {membership.kinds.map((kind) => (
                        <Badge key={kind} size="sm" variant="light" tt="none">
                          {t(`members.kind.${kind}`)}
                        </Badge>
                      ))}
                    </Group>
                  </Table.Td>
                  <Table.Td>{format.day(membership.startDate)}</Table.Td>
                  <Table.Td>{membership.endedDate === null ? '—' : format.day(membership.endedDate)}</Table.Td>
                  {mayEdit && (
                    <Table.Td>
                      <Group gap={4} justify="flex-end">
                        <Button size="compact-xs" variant="subtle" onClick={() => open(entry)}>
                          {t('members.change')}
                        </Button>
                        <Button size="compact-xs" variant="subtle" color="brick" onClick={() => void remove(entry)}>
                          {t('contacts.remove')}
                        </Button>
                      </Group>
                    </Table.Td>
                  )}
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  )
}

function MembershipDialog({ view, known, onClose }: { view: View; known?: Entry | undefined; onClose: () => void }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const isGroup = view.kind === 'group'
  const [picked, setPicked] = useState<RegistrantRow>()
  const [kinds, setKinds] = useState<MembershipKind[]>(known?.membership.kinds ?? [])
  const [startDate, setStartDate] = useState(known?.membership.startDate ?? todayText())
  const [endedDate, setEndedDate] = useState(known?.membership.endedDate ?? '')
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const otherId = known?.other.id ?? picked?.id
  const errorAt = (field: string): string | undefined => {
    const found = problems.find((one) => one.field === field)
    return found && codeSentence(t, found.code, found.params)
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (otherId === undefined) return
    try {
      const answer = await api.registry.setMembership.run({
        ...(known && { id: known.membership.id }),
        groupId: isGroup ? view.id : otherId,
        individualId: isGroup ? otherId : view.id,
        kinds,
        startDate,
        endedDate: endedDate || null,
      })
      setProblems(answer.problems)
      if (answer.problems.length > 0) return
      notifyDone(t('form.saved'))
      onClose()
    } catch (error) {
      notifyFault(error)
    }
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={640}>{known?.other.name ?? t(isGroup ? 'members.addPerson' : 'members.addGroup')}</Text>}
    >
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack>
          {!known && (
            <PickRegistrant
              label={t(isGroup ? 'kinds.individual' : 'kinds.group')}
              kind={isGroup ? 'individual' : 'group'}
              picked={picked}
              onPick={setPicked}
              error={errorAt('individualId')}
            />
          )}
          <MultiSelect
            label={t('members.kinds')}
            value={kinds}
            error={errorAt('kinds')}
            data={MembershipKind.options.map((kind) => ({ value: kind, label: t(`members.kind.${kind}`) }))}
            onChange={(next) => setKinds(MembershipKind.options.filter((kind) => next.includes(kind)))}
          />
          <TextInput
            type="date"
            label={t('members.start')}
            value={startDate}
            error={errorAt('startDate')}
            onChange={(event) => setStartDate(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('members.end')}
            description={t('members.endHint')}
            value={endedDate}
            error={errorAt('endedDate')}
            onChange={(event) => setEndedDate(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" disabled={otherId === undefined}>
              {t('form.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
