import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { ProviderSignIn } from '../../components/provider-sign-in.tsx'
import { Section } from '../../components/section.tsx'
import { useMay, useOfficer } from '../../state/session.ts'
import type { ProviderView } from './answers.ts'
import { Applicants } from './applicants.tsx'
import { ProviderForm, type ProviderPreset } from './provider-form.tsx'
import { ProviderRegistration } from './provider-registration.tsx'
import { ProviderTest } from './provider-test.tsx'

/** What is open for editing: a provider by its id, or a new one of a kind. */
type Editing = { readonly id: string } | { readonly preset: ProviderPreset }

/** By which providers officers sign in, who asks to come in, and the officer's own link. */
export function SignInSettings() {
  const { t } = useTranslation('providers')
  const api = useApi()
  const may = useMay('administrator')
  const query = useQuery(api.signIn.list.queryOptions(undefined, { kinds: ['signInProvider', 'officer'] }))
  const [editing, setEditing] = useState<Editing>()
  const linkable = (query.data ?? []).filter(
    ({ state, trusted, serves }) => state === 'active' && trusted && serves !== 'registrants',
  )
  const close = (): void => {
    setEditing(undefined)
    void query.refetch()
  }
  return (
    <>
      {may && <Applicants />}
      <Section
        title={t('list')}
        description={t('listMeaning')}
        actions={
          may && (
            <>
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing({ preset: 'esignet' })}>
                {t('newEsignet')}
              </Button>
              <Button variant="default" onClick={() => setEditing({ preset: 'openid' })}>
                {t('newOpenid')}
              </Button>
              <Button variant="default" onClick={() => setEditing({ preset: 'registrants' })}>
                {t('newRegistrants')}
              </Button>
            </>
          )
        }
      >
        <Answer query={query}>
          {(providers) => (
            <Stack gap="lg">
              {providers.length === 0 && editing === undefined && <Text c="dimmed">{t('none')}</Text>}
              {editing !== undefined && 'preset' in editing && (
                <ProviderForm key={editing.preset} provider={undefined} preset={editing.preset} onClose={close} />
              )}
              {providers.map((provider) =>
                editing !== undefined && 'id' in editing && editing.id === provider.id ? (
                  <ProviderForm key={provider.id} provider={provider} preset={presetOf(provider)} onClose={close} />
                ) : (
                  <Provider
                    key={provider.id}
                    provider={provider}
                    may={may}
                    onEdit={() => setEditing({ id: provider.id })}
                    onChanged={() => void query.refetch()}
                  />
                ),
              )}
            </Stack>
          )}
        </Answer>
      </Section>
      {linkable.length > 0 && <MyLink providers={linkable} />}
    </>
  )
}

const presetOf = ({ kind, serves }: ProviderView): ProviderPreset => (serves === 'registrants' ? serves : kind)

interface ProviderProps {
  provider: ProviderView
  may: boolean
  onEdit: () => void
  onChanged: () => void
}

function Provider({ provider, may, onEdit, onChanged }: ProviderProps) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const askPin = useAskPin()
  const { id, name, issuer, state, changedAt } = provider
  const isActive = state === 'active'
  const turn = async (): Promise<void> => {
    const done = await askPin({
      title: t(isActive ? 'suspend' : 'resume'),
      body: t(isActive ? 'suspendMeaning' : 'resumeMeaning', { name }),
      confirmLabel: t(isActive ? 'suspend' : 'resume'),
      run: (pin) => api.signIn.setState.run({ id, basedOn: changedAt, pin, state: isActive ? 'suspended' : 'active' }),
    })
    if (done) onChanged()
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="xs">
            <Text fw={620} size="lg">
              <bdi>{name}</bdi>
            </Text>
            {provider.serves === 'registrants' && (
              <Badge variant="light" tt="none">
                {t('forRegistrants')}
              </Badge>
            )}
            {!isActive && (
              <Badge variant="light" color="gray" tt="none">
                {t('suspended')}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed" dir="ltr" ta="start" style={{ overflowWrap: 'anywhere' }}>
            {issuer}
          </Text>
        </div>
        {may && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={onEdit}>
              {t('edit')}
            </Button>
            <Button size="xs" variant="default" onClick={() => void turn()}>
              {t(isActive ? 'suspend' : 'resume')}
            </Button>
          </Group>
        )}
      </Group>
      {!provider.trusted && (
        <Alert color="brick" role="alert">
          {t('untrusted')}
        </Alert>
      )}
      {may && <ProviderRegistration provider={provider} onChanged={onChanged} />}
      {may && <ProviderTest id={id} />}
    </Stack>
  )
}

/** The signed-in officer's own way in. */
function MyLink({ providers }: { providers: readonly ProviderView[] }) {
  const { t } = useTranslation('providers')
  const api = useApi()
  const me = useOfficer()
  const officers = useQuery(api.officers.list.queryOptions(undefined, { kinds: ['officer'] }))
  const [asked, setAsked] = useState(false)
  const own = officers.data?.find(({ id }) => id === me.id)
  return (
    <Section title={t('mine')} description={t('mineMeaning')}>
      {own?.isLinked ? (
        <Text>{t('mineLinked', { name: own.provider ?? '' })}</Text>
      ) : asked ? (
        <Text role="status">{t('linkAsked')}</Text>
      ) : (
        <Stack align="flex-start">
          {providers.map(({ id, name }) => (
            <ProviderSignIn
              key={id}
              name={name}
              label={t('link', { name })}
              begin={(language) => api.signIn.beginLink.run({ providerId: id, language })}
              onOutcome={(outcome) => {
                if (outcome.kind !== 'link-asked') return
                setAsked(true)
                notifyDone(t('linkAsked'))
              }}
            />
          ))}
        </Stack>
      )}
    </Section>
  )
}
