import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import type { RegistrantFacts } from '../../../shared/rules/registrant-entry.ts'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { FactsForm, noFacts } from './facts-form.tsx'
import { LookAlikes } from './look-alikes.tsx'

/** Milliseconds of silence before duplicates are looked for. */
const SILENCE = 300

/** Enters a person or a group by hand; warns of duplicates while one writes. */
export function NewRegistrant() {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const kind = useParams().kind === 'group' ? 'group' : 'individual'
  const [facts] = useState(noFacts)
  const [writing, setWriting] = useState<RegistrantFacts>(facts)
  const [settled] = useDebouncedValue(writing, SILENCE)
  const sought = { kind, name: settled.name, birthdate: settled.birthdate } as const
  const alike = useQuery(api.registry.lookAlikes.queryOptions(sought, { enabled: settled.name.trim().length > 2 }))
  const title = kind === 'group' ? t('list.newGroup') : t('list.newPerson')
  return (
    <Screen>
      <PageHeader title={title} back={{ to: '/registrants', label: t('list.title') }} />
      <Section title={t('record.facts')}>
        <FactsForm
          key={kind}
          kind={kind}
          facts={kind === 'group' ? { ...facts, groupKind: 'household' } : facts}
          base=""
          save={async (changed) => {
            const entry: Parameters<typeof api.registry.create.run>[0] = {
              kind,
              facts: { ...noFacts(), ...changed, tags: [...(changed.tags ?? [])] },
            }
            const outcome = await api.registry.create.run(entry)
            const [found, ...others] = outcome.outcome === 'problems' ? outcome.problems : []
            if (found?.code !== 'keeping.number-of-erased' || others.length > 0) return outcome
            const sure = await confirm({
              title: t('keeping:anew.title'),
              body: codeSentence(t, found.code),
              confirmLabel: t('keeping:anew.confirm'),
            })
            return sure ? api.registry.create.run({ ...entry, anew: true }) : outcome
          }}
          onSaved={({ id, name }) => {
            notifyDone(t('form.created', { name }))
            void navigate(`/registrants/${id}`, { replace: true })
          }}
          onCancel={() => void navigate('/registrants')}
          saveLabel={t('form.create')}
          onWriting={setWriting}
        >
          <LookAlikes found={settled.name.trim().length > 2 ? alike.data : undefined} />
        </FactsForm>
      </Section>
    </Screen>
  )
}
