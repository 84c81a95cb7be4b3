import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconUserOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { KeepingRules } from '../../../shared/model/keeping.ts'
import { useApi } from '../../api/provider.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import type { KeepingPreview } from './answers.ts'

const PAGE = 100
/** Digits of a moment that are the time. */
const TIME_DIGITS = 9

const timeOf = (moment: string): number => Number.parseInt(moment.slice(0, TIME_DIGITS), 36)

/** Whom a rule would erase, page by page, and who stays and why. */
export function KeepingPeople({ rules, first }: { rules: KeepingRules; first: KeepingPreview }) {
  const { t } = useTranslation('keeping')
  const api = useApi()
  const format = useFormat()
  const [offset, setOffset] = useState(0)
  const query = useQuery({
    ...api.keeping.preview.queryOptions({ rules, offset, limit: PAGE }, { enabled: offset > 0 }),
    gcTime: 0,
  })
  const { persons = 0, groups = 0 } = first.counts.people
  const total = persons + groups
  const page = offset === 0 ? first : query.data
  return (
    <Stack>
      <Text fw={600}>{t('people')}</Text>
      {total === 0 ? (
        <EmptyState icon={IconUserOff} title={t('nobody')} description={t('nobodyMeaning')} />
      ) : (
        <People people={page?.people ?? []} caption={t('people')} />
      )}
      {total > PAGE && (
        <Group>
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
            {t('previous')}
          </Button>
          <Text size="sm">
            {format.number(offset + 1)} – {format.number(Math.min(offset + PAGE, total))} / {format.number(total)}
          </Text>
          <Button
            variant="default"
            disabled={offset + PAGE >= total}
            loading={query.isFetching}
            onClick={() => setOffset(offset + PAGE)}
          >
            {t('next')}
          </Button>
        </Group>
      )}
      {first.staying.length > 0 && (
        <>
          <Text fw={600}>{t('staying')}</Text>
          <People people={first.staying} caption={t('staying')} />
          {(first.counts.people.staying ?? 0) > first.staying.length && (
            <Text size="sm" c="dimmed">
              {t('shown', { count: first.staying.length })}
            </Text>
          )}
        </>
      )}
    </Stack>
  )
}

type Person = KeepingPreview['people'][number] & Partial<Pick<KeepingPreview['staying'][number], 'why'>>

function People({ people, caption }: { people: readonly Person[]; caption: string }) {
  const { t } = useTranslation('keeping')
  const hasWhy = people.some(({ why }) => why !== undefined)
  return (
    <Table.ScrollContainer minWidth={460}>
      <Table aria-label={caption}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th>{t('number')}</Table.Th>
            <Table.Th>{t('since')}</Table.Th>
            {hasWhy && <Table.Th>{t('why')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map(({ id, name, registryNumber, changedAt, why }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Link to={`/registrants/${id}`}>
                  <bdi>{name}</bdi>
                </Link>
              </Table.Td>
              <Table.Td>
                <bdi>{registryNumber}</bdi>
              </Table.Td>
              <Table.Td>
                <MomentText at={timeOf(changedAt)} show="date" />
              </Table.Td>
              {why !== undefined && <Table.Td>{codeSentence(t, why)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
