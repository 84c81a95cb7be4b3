import { Alert, Button, Group, PasswordInput, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import type { ManagerView } from './answers.ts'
import { placeOf } from './manager-outline.tsx'

interface MapperDeskProps {
  manager: ManagerView
  onChanged: () => void
}

/** What is done with a manager's account mapper: its secret goes in, and one person is asked about. */
export function MapperDesk({ manager, onChanged }: MapperDeskProps) {
  const { t } = useTranslation('settings')
  return (
    <Section id={placeOf('mapper')} title={t('mapper.title')} description={t('mapper.tryHint')}>
      <Stack>
        {manager.mapper !== undefined && manager.mapper.authentication.kind !== 'none' && (
          <MapperSecret manager={manager} onChanged={onChanged} />
        )}
        <Trial managerId={manager.id} />
      </Stack>
    </Section>
  )
}

function MapperSecret({ manager, onChanged }: MapperDeskProps) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [secret, setSecret] = useState('')
  const save = useMutation({
    ...api.managers.setMapperSecret.mutationOptions(),
    onSuccess: () => {
      setSecret('')
      notifyDone(t('secret.saved'))
      onChanged()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (secret !== '') save.mutate({ id: manager.id, secret })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <PasswordInput
          label={t('mapper.secret')}
          description={t(manager.hasMapperSecret ? 'mapper.secretSet' : 'mapper.secretNotSet')}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="off"
          maxLength={10_000}
          visibilityToggleButtonProps={{ 'aria-label': t('secret.show') }}
        />
        {save.error && <FaultMessage fault={save.error} />}
        <Group>
          <Button type="submit" variant="default" loading={save.isPending} disabled={secret === ''}>
            {t('secret.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks about one person; changes nothing. */
function Trial({ managerId }: { managerId: string }) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const [text, setText] = useState('')
  const [person, setPerson] = useState<string | null>(null)
  const [sought] = useDebouncedValue(text, 200)
  const found = useQuery(
    api.registry.search.queryOptions(
      { text: sought, kind: 'individual', limit: 12 },
      { enabled: sought.trim() !== '', keepPrevious: true },
    ),
  )
  const trial = useMutation(api.mapper.tryOne.mutationOptions())
  const rows = found.data?.rows ?? []
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <Select
          label={t('mapper.person')}
          searchable
          searchValue={text}
          onSearchChange={setText}
          value={person}
          onChange={setPerson}
          data={rows.map(({ id, name, registryNumber }) => ({ value: id, label: `${name} · ${registryNumber}` }))}
          filter={({ options }) => options}
          flex={1}
          miw={220}
        />
        <Button
          variant="default"
          loading={trial.isPending}
          disabled={person === null}
          onClick={() => person !== null && trial.mutate({ managerId, registrantId: person })}
        >
          {t('mapper.tryNow')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('mapper.saveFirst')}
      </Text>
      {trial.error && <FaultMessage fault={trial.error} />}
      {trial.data?.kind === 'linked' && (
        <Alert color="moss" role="status">
          <bdi dir="ltr">{t('mapper.linked', { address: trial.data.addressHint })}</bdi>{' '}
          {trial.data.provider !== '' && t('mapper.provider', { provider: trial.data.provider })}
        </Alert>
      )}
      {trial.data && trial.data.kind !== 'linked' && (
        <Alert color="ochre" role="status">
          {codeSentence(t, trial.data.why.code, trial.data.why.params)}
        </Alert>
      )}
    </Stack>
  )
}
