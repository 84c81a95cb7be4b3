import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ProposalView } from '../../../shared/contract/odk.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FactTable, useFactValue } from '../../components/fact-table.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { peopleKinds } from './answers.ts'

const MOST = 100

/** Facts that came along and are other than the record, field by field. */
export function DifferencesSection() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const query = useQuery(
    api.odk.proposals.queryOptions({ registrantId: null, limit: MOST }, { kinds: peopleKinds, keepPrevious: true }),
  )
  return (
    <Section title={t('differences.title')} description={t('differences.meaning')} flush>
      <Answer query={query}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <EmptyState icon={IconMoodSmile} title={t('differences.none')} description={t('differences.noneMeaning')} />
          ) : (
            <>
              <FactTable
                heads={[
                  t('differences.person'),
                  t('differences.field'),
                  t('differences.current'),
                  t('differences.proposed'),
                  '',
                ]}
              >
                {rows.map((proposal) => (
                  <Difference key={proposal.id} proposal={proposal} onDecided={() => void query.refetch()} />
                ))}
              </FactTable>
              {total > rows.length && (
                <Text c="dimmed" size="sm" p="sm" ta="center">
                  {t('some', { shown: format.number(rows.length), total: format.number(total) })}
                </Text>
              )}
            </>
          )
        }
      </Answer>
    </Section>
  )
}

function Difference({ proposal, onDecided }: { proposal: ProposalView; onDecided: () => void }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const factValue = useFactValue()
  const mayDecide = useMay('clerk')
  const [busy, setBusy] = useState(false)
  const { id, registrantId, name, registryNumber, field, current, proposed } = proposal
  const word = t(`targets.${field}`)
  const decide = async (accepted: boolean): Promise<void> => {
    setBusy(true)
    try {
      await api.odk.decideProposal.run({ id, accepted })
      notifyDone(t(accepted ? 'differences.accepted' : 'differences.kept', { field: word, name }))
      onDecided()
    } catch (fault) {
      notifyFault(fault)
      setBusy(false)
      onDecided()
    }
  }
  return (
    <tr data-proposal={id}>
      <th scope="row">
        <Anchor component={Link} to={`/registrants/${registrantId}`} fw={600}>
          <bdi>{name}</bdi>
        </Anchor>
        <Text size="sm" c="dimmed">
          {registryNumber}
        </Text>
      </th>
      <td>{word}</td>
      <td>{current === '' ? '—' : <bdi>{factValue(field, current)}</bdi>}</td>
      <td>
        <bdi>{factValue(field, proposed)}</bdi>
      </td>
      <td>
        {mayDecide && (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            <Button
              size="xs"
              variant="default"
              disabled={busy}
              aria-label={t('differences.keepOf', { field: word, name })}
              onClick={() => void decide(false)}
            >
              {t('differences.keep')}
            </Button>
            <Button
              size="xs"
              variant="light"
              disabled={busy}
              aria-label={t('differences.acceptOf', { field: word, name })}
              onClick={() => void decide(true)}
            >
              {t('differences.accept')}
            </Button>
          </Group>
        )}
      </td>
    </tr>
  )
}
