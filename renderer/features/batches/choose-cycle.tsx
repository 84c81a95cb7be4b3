import { Button, Table, Text } from '@mantine/core'
import { IconCalendarEvent } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'

const payable = (state: string): boolean => state === 'approved' || state === 'distributed'
const open = (state: string): boolean => payable(state) || state === 'draft' || state === 'to_approve'

/** Which cycle is to be paid. */
export function ChooseCycle() {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const cycles = useQuery(api.batches.cycles.queryOptions(undefined, { kinds: ['cycle', 'programme', 'batch'] }))
  return (
    <Screen>
      <PageHeader
        title={t('choose.title')}
        subtitle={t('choose.subtitle')}
        back={{ to: '/batches', label: t('list.title') }}
      />
      <Answer query={cycles}>
        {(all) => {
          const shown = all.filter(({ state }) => open(state))
          if (shown.length === 0) {
            return (
              <EmptyState
                icon={IconCalendarEvent}
                title={t('choose.none')}
                description={t('choose.noneHint')}
                action={
                  <Button component={Link} to="/programmes" variant="default" mt="xs">
                    {t('choose.toProgrammes')}
                  </Button>
                }
              />
            )
          }
          return (
            <Section title={t('choose.cycles')} flush>
              <Table.ScrollContainer minWidth={420}>
                <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
                  <Table.Tbody>
                    {shown.map((cycle) => (
                      <Table.Tr key={cycle.cycleId}>
                        <Table.Td>
                          <Text fw={560}>
                            <bdi>{cycle.cycleName}</bdi>
                          </Text>
                          <Text size="sm" c="dimmed">
                            <bdi>{cycle.programmeName}</bdi>
                          </Text>
                        </Table.Td>
                        <Table.Td>
                          <StateBadge kind="cycle" state={cycle.state} />
                        </Table.Td>
                        <Table.Td>
                          <Text size="sm" c="dimmed">
                            {t('choose.batches', { count: cycle.batches, number: format.number(cycle.batches) })}
                          </Text>
                        </Table.Td>
                        <Table.Td ta="end">
                          {payable(cycle.state) ? (
                            <Button
                              component={Link}
                              to={`/batches/prepare/${cycle.cycleId}`}
                              size="xs"
                              variant={cycle.batches > 0 ? 'default' : 'filled'}
                            >
                              {t('choose.open')}
                            </Button>
                          ) : (
                            <Text size="sm" c="dimmed">
                              {t('choose.notApproved')}
                            </Text>
                          )}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            </Section>
          )
        }}
      </Answer>
    </Screen>
  )
}
