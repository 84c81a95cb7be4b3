import { Anchor, Avatar, Button, Code, List, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Api } from '../../api/client.ts'
import { useApi } from '../../api/provider.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { Person } from '../../components/person.tsx'
import { RetiredAlarm } from '../../components/shell/retired-alarm.tsx'
import { useFormat } from '../../i18n/format.ts'
import { AskIn } from './ask-in.tsx'
import { ByProvider, type Stranger } from './by-provider.tsx'
import { Choice } from './choice.tsx'

type OfficeStatus = Awaited<ReturnType<Api['setup']['status']['ask']>>
type ListedOfficer = OfficeStatus['officers'][number]

/** Who are you? Then the PIN. In the training office the PINs stand there, with a way through the first payment. */
export function PickOfficer({ status }: { status: OfficeStatus }) {
  const { t } = useTranslation('sign-in')
  const format = useFormat()
  const api = useApi()
  const queryClient = useQueryClient()
  const [picked, setPicked] = useState<ListedOfficer>()
  const [stranger, setStranger] = useState<Stranger>()
  const leave = useMutation({
    ...api.setup.leaveTraining.mutationOptions(),
    onSuccess: (next) => queryClient.setQueryData(api.setup.status.queryKey(), next),
  })
  const rolesOf = (officer: ListedOfficer): string =>
    format.list(officer.roles.map((role) => t(`common:roles.${role}`)))
  const pinOf = (officer: ListedOfficer): string | undefined => status.trainingPins[officer.id]

  if (stranger) return <AskIn stranger={stranger} onBack={() => setStranger(undefined)} />
  if (picked) {
    return <EnterPin officer={picked} roles={rolesOf(picked)} pin={pinOf(picked)} onBack={() => setPicked(undefined)} />
  }
  return (
    <Stack>
      <div>
        <Title order={1}>{t('pick.title')}</Title>
        <Text c="dimmed">{status.training ? t('pick.training') : t('pick.subtitle')}</Text>
      </div>
      <RetiredAlarm />
      {status.officers.length === 0 && <EmptyState title={t('pick.none')} description={t('pick.noneDetail')} />}
      <Stack gap="xs">
        {status.officers.map((officer) => {
          const pin = pinOf(officer)
          return (
            <Choice
              key={officer.id}
              picture={<Avatar size={36} radius="xl" name={officer.name} color="spruce" aria-hidden />}
              title={<bdi>{officer.name}</bdi>}
              description={rolesOf(officer)}
              end={pin && <Code>{t('pick.pin', { pin })}</Code>}
              onClick={() => setPicked(officer)}
            />
          )
        })}
      </Stack>
      <ByProvider onStranger={setStranger} />
      {status.training && (
        <Paper p="md" radius="md" bg="var(--office-sunk)">
          <Text fw={620} mb={6}>
            {t('guide.title')}
          </Text>
          <List type="ordered" spacing={4} size="md">
            <List.Item>{t('guide.clerk')}</List.Item>
            <List.Item>{t('guide.prepare')}</List.Item>
            <List.Item>{t('guide.approver')}</List.Item>
            <List.Item>{t('guide.follow')}</List.Item>
          </List>
        </Paper>
      )}
      {status.training && (
        <Anchor component="button" type="button" c="dimmed" onClick={() => leave.mutate(undefined)}>
          {t('pick.leaveTraining')}
        </Anchor>
      )}
      {leave.error && <FaultMessage fault={leave.error} />}
    </Stack>
  )
}

interface EnterPinProps {
  officer: ListedOfficer
  roles: string
  /** The PIN to show, in the training office. */
  pin: string | undefined
  onBack: () => void
}

function EnterPin({ officer, roles, pin: shownPin, onBack }: EnterPinProps) {
  const { t } = useTranslation('sign-in')
  const api = useApi()
  const queryClient = useQueryClient()
  const field = useRef<HTMLInputElement>(null)
  const [pin, setPin] = useState('')
  const signIn = useMutation({
    ...api.session.signIn.mutationOptions(),
    onSuccess: (signedIn) => queryClient.setQueryData(api.session.current.queryKey(), signedIn),
    onError: () => {
      setPin('')
      field.current?.focus()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (pin !== '') signIn.mutate({ officerId: officer.id, pin })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={1}>{t('pin.title')}</Title>
        <Person name={officer.name} detail={roles} />
        <PasswordInput
          ref={field}
          autoFocus
          size="md"
          label={t('pin.label')}
          {...(shownPin ? { description: t('pin.trainingHint', { pin: shownPin }) } : {})}
          value={pin}
          onChange={(event) => setPin(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="off"
          maxLength={64}
          visibilityToggleButtonProps={{ 'aria-label': t('common:pin.show') }}
        />
        {signIn.error && <FaultMessage fault={signIn.error} />}
        <Button type="submit" size="md" loading={signIn.isPending} disabled={pin === ''}>
          {t('pin.signIn')}
        </Button>
        <Anchor component="button" type="button" c="dimmed" onClick={onBack}>
          {t('pin.other')}
        </Anchor>
      </Stack>
    </form>
  )
}
