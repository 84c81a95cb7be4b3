import { Badge, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { useConfirm } from '../../../components/confirm-dialog.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { MaskedValue } from '../../../components/masked-value.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'
import { Section } from '../../../components/section.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { useFormat } from '../../../i18n/format.ts'
import { todayText } from '../../../i18n/today.ts'
import { useMaySee } from '../../../state/session.ts'
import type { Problem, View } from '../answers.ts'

type Hint = View['identityHints'][number]
const STATUSES = ['valid', 'unverified', 'invalid'] as const

/** Identity numbers by type, behind their hints. */
export function IdentitySection({ view, mayEdit }: { view: View; mayEdit: boolean }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const ask = useDialog()
  const confirm = useConfirm()
  const format = useFormat()
  const mayReveal = useMaySee('clerk', 'approver', 'administrator')
  const registrantId = view.id
  const open = (known?: Hint): void =>
    void ask((close) => <IdentityDialog registrantId={registrantId} known={known} onClose={() => close()} />)
  const remove = async ({ id, type }: Hint): Promise<void> => {
    const sure = await confirm({
      title: t('identity.removeTitle', { type }),
      body: t('identity.removeBody'),
      confirmLabel: t('contacts.remove'),
      dangerous: true,
    })
    if (sure) await api.registry.removeIdentity.run({ registrantId, id }).catch(notifyFault)
  }
  return (
    <Section
      title={t('identity.title')}
      actions={
        mayEdit && (
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => open()}>
            {t('identity.add')}
          </Button>
        )
      }
    >
      {view.identityHints.length === 0 && <Text c="dimmed">{t('identity.none')}</Text>}
      {view.identityHints.map((hint) => {
        const { id, type, status, expiresOn } = hint
        const expired = expiresOn !== null && expiresOn < todayText()
        return (
          <Group key={id} gap="sm" py={4}>
            <Text miw={120} fw={500}>
              <bdi>{type}</bdi>
            </Text>
            <MaskedValue
              hint={hint.hint}
              name={type}
              {...(mayReveal && {
                onReveal: async () =>
                  (await api.registry.reveal.run({ registrantId, kind: 'identity', id, screen: 'identity' })).value,
              })}
            />
            <Badge
              size="sm"
              variant="light"
              tt="none"
              color={status === 'valid' ? 'moss' : status === 'invalid' ? 'brick' : 'gray'}
            >
              {t(`identity.statuses.${status}`)}
            </Badge>
            {expiresOn !== null && (
              <Text size="sm" c={expired ? 'brick' : 'dimmed'}>
                {t(expired ? 'identity.expired' : 'identity.expires', { day: format.day(expiresOn) })}
              </Text>
            )}
            {mayEdit && (
              <>
                <Button size="compact-xs" variant="subtle" onClick={() => open(hint)}>
                  {t('identity.change')}
                </Button>
                <Button size="compact-xs" variant="subtle" color="brick" onClick={() => void remove(hint)}>
                  {t('contacts.remove')}
                </Button>
              </>
            )}
          </Group>
        )
      })}
    </Section>
  )
}

function IdentityDialog({
  registrantId,
  known,
  onClose,
}: {
  registrantId: string
  known?: Hint | undefined
  onClose: () => void
}) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const [type, setType] = useState(known?.type ?? '')
  const [value, setValue] = useState('')
  const [status, setStatus] = useState<(typeof STATUSES)[number]>(
    STATUSES.find((one) => one === known?.status) ?? 'unverified',
  )
  const [expiresOn, setExpiresOn] = useState(known?.expiresOn ?? '')
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const errorAt = (field: string): string | undefined => {
    const found = problems.find((one) => one.field === field)
    return found && codeSentence(t, found.code, found.params)
  }
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      const answer = await api.registry.setIdentity.run({
        registrantId,
        type,
        value,
        status,
        expiresOn: expiresOn || null,
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
    <Modal opened onClose={onClose} title={<Text fw={640}>{known ? t('identity.change') : t('identity.add')}</Text>}>
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack>
          <TextInput
            label={t('identity.type')}
            value={type}
            error={errorAt('type')}
            readOnly={known !== undefined}
            data-autofocus={known === undefined || undefined}
            onChange={(event) => setType(event.currentTarget.value)}
          />
          <TextInput
            label={t('identity.value')}
            {...(known && { description: t('identity.keepValue') })}
            value={value}
            error={errorAt('value')}
            dir="ltr"
            autoComplete="off"
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Select
            label={t('identity.status')}
            value={status}
            allowDeselect={false}
            data={STATUSES.map((one) => ({ value: one, label: t(`identity.statuses.${one}`) }))}
            onChange={(next) => setStatus(STATUSES.find((one) => one === next) ?? 'unverified')}
          />
          <TextInput
            type="date"
            label={t('identity.expiresOn')}
            value={expiresOn}
            error={errorAt('expiresOn')}
            onChange={(event) => setExpiresOn(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button type="submit">{t('form.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
