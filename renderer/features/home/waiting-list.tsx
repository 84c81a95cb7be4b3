import { Group, Text } from '@mantine/core'
import { IconChevronRight, IconMoodSmile } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Api } from '../../api/client.ts'
import { EmptyState } from '../../components/empty-state.tsx'
import { Money } from '../../components/money.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import classes from './home-screen.module.css'

export type Summary = Awaited<ReturnType<Api['home']['summary']['ask']>>
type Waiting = Summary['waiting'][number]

/** Where each kind of waiting thing is dealt with. */
const places: Record<Waiting['kind'], (subjectId: string) => string> = {
  approveBatch: (id) => `/batches/${id}`,
  returnedBatch: (id) => `/batches/${id}`,
  lapsedBatch: (id) => `/batches/${id}`,
  submitBatch: (id) => `/batches/${id}`,
  sendBatch: (id) => `/batches/${id}`,
  attentionBatch: (id) => `/batches/${id}`,
  approveCycle: (id) => `/programmes/cycles/${id}`,
  approveEntitlements: (id) => `/programmes/cycles/${id}`,
  draftCycle: (id) => `/programmes/cycles/${id}`,
  unfinishedGeneration: (id) => `/programmes/cycles/${id}`,
  preparePayments: (id) => `/batches/prepare/${id}`,
  blockedPayees: (id) => `/batches/prepare/${id}`,
  openImport: () => '/registrants',
  attentionJobs: () => '/outbox',
  noManager: (id) => `/programmes/${id}/settings`,
  absence: () => '/settings/officers',
}

const ofEntitlements: ReadonlySet<Waiting['kind']> = new Set(['approveCycle', 'approveEntitlements', 'draftCycle'])

/** What waits for the officer, each a link to where it is dealt with. */
export function WaitingList({ waiting }: { waiting: Summary['waiting'] }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  return (
    <Section title={t('waiting.title')} flush>
      {waiting.length === 0 ? (
        <EmptyState icon={IconMoodSmile} title={t('waiting.empty')} description={t('waiting.emptyMeaning')} />
      ) : (
        <ul className={classes.waiting}>
          {waiting.map(({ kind, subjectId, name, count, sum, currency }) => {
            const number = format.number(count)
            return (
              <li key={`${kind} ${subjectId}`}>
                <Link to={places[kind](subjectId)} className={classes.task ?? ''} data-waiting={kind}>
                  <div>
                    <Text fw={600}>{t(`waiting.kinds.${kind}`)}</Text>
                    {name !== '' && (
                      <Text size="sm" c="dimmed">
                        <bdi>{name}</bdi>
                      </Text>
                    )}
                  </div>
                  <Group gap="sm" wrap="nowrap">
                    <div>
                      {count > 0 && (
                        <Text size="sm" ta="end" className="office-figures">
                          {ofEntitlements.has(kind)
                            ? t('waiting.entitlements', { number })
                            : t('waiting.payments', { number })}
                        </Text>
                      )}
                      {sum !== null && <Money minor={sum} currency={currency} size="sm" c="dimmed" />}
                    </div>
                    <IconChevronRight size={16} aria-hidden className={classes.arrow ?? ''} />
                  </Group>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}
