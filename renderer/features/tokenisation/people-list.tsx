import { Anchor, Group, Text } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ItemView } from '../../../shared/contract/tokenisation.ts'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { MoreRows } from './more-rows.tsx'
import { Remedies } from './remedies.tsx'
import classes from './tokens.module.css'
import type { usePages } from './use-pages.ts'

interface PeopleListProps {
  pages: ReturnType<typeof usePages<ItemView>>
  /** What stands before the person's name. */
  lead?: (item: ItemView) => ReactNode
  none: string
  noneMeaning: string
}

/** People with what came of them, why, and what can be done about it. */
export function PeopleList({ pages, lead, none, noneMeaning }: PeopleListProps) {
  const { t } = useTranslation('tokenisation')
  return (
    <Answer query={pages}>
      {({ rows, total }) =>
        rows.length === 0 ? (
          <EmptyState icon={IconMoodSmile} title={none} description={noneMeaning} />
        ) : (
          <>
            <ul className={classes.list}>
              {rows.map((item) => (
                <li key={item.ref} className={classes.row} data-person={item.registrantId}>
                  <div className={classes.words}>
                    <Group gap="xs">
                      {lead?.(item)}
                      <Anchor component={Link} to={`/registrants/${item.registrantId}`} fw={600}>
                        <bdi>{item.name || t('items.gone')}</bdi>
                      </Anchor>
                      <Text size="sm" c="dimmed">
                        {[item.registryNumber, item.area].filter(Boolean).join(' · ')}
                      </Text>
                    </Group>
                    <Reason item={item} />
                  </div>
                  <Remedies item={item} />
                </li>
              ))}
            </ul>
            <MoreRows shown={rows.length} total={total} more={pages.more} busy={pages.loadingMore} />
          </>
        )
      }
    </Answer>
  )
}

/** What came of a person in a sentence, with the ID system's own words where it has some. */
function Reason({ item }: { item: ItemView }) {
  const { t } = useTranslation('tokenisation')
  const { class: outcome, code, reason, params, tries, nextTryAt } = item
  const { fact = '', text = '' } = params
  const word = fact === '' ? '' : t(`facts.${fact}`, { defaultValue: fact })
  if (outcome === '') return null
  return (
    <>
      <Text size="sm">
        {reason !== ''
          ? t(`reasons.${reason}`, { fact: word })
          : outcome === 'demographics' && word !== ''
            ? t('outcomes.demographicsOf', { fact: word })
            : t(`outcomes.${outcome}`)}
      </Text>
      {reason === '' && code !== '' && (
        <Text size="xs" c="dimmed">
          <bdi dir="ltr">{[code, text].filter(Boolean).join(' — ')}</bdi>
        </Text>
      )}
      {nextTryAt !== null && (
        <Text size="xs" c="dimmed">
          {t('items.nextTry', { count: tries })} <MomentText at={nextTryAt} />
        </Text>
      )}
    </>
  )
}
