import { Badge, Button, Group, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronRight, IconMoodSmile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ConflictRow } from '../../../shared/contract/central.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { useFormat } from '../../i18n/format.ts'
import classes from './central.module.css'
import { useFieldWord, useKindWord } from './words.ts'

const PAGE = 50
const MOST = 200

/** Records of which two offices made two versions. */
export function ConflictsList() {
  const { t } = useTranslation('central')
  const api = useApi()
  const format = useFormat()
  const [shown, setShown] = useState<'open' | 'settled'>('open')
  const [limit, setLimit] = useState(PAGE)
  const query = useQuery(
    api.central.conflicts.queryOptions(
      { offset: 0, limit, settled: shown === 'settled' },
      { kinds: ['central'], keepPrevious: true },
    ),
  )
  return (
    <Stack>
      <Group>
        <SegmentedControl
          aria-label={t('conflicts.shown')}
          value={shown}
          onChange={(value) => setShown(value === 'settled' ? 'settled' : 'open')}
          data={[
            { value: 'open', label: t('conflicts.open') },
            { value: 'settled', label: t('conflicts.settled') },
          ]}
        />
      </Group>
      <Answer query={query}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <EmptyState
              icon={IconMoodSmile}
              title={t(`conflicts.none.${shown}`)}
              description={t('conflicts.noneMeaning')}
            />
          ) : (
            <div className="office-sheet">
              <ul className={classes.list}>
                {rows.map((row) => (
                  <li key={row.id}>
                    <Row row={row} />
                  </li>
                ))}
              </ul>
              {total > rows.length && (
                <Group justify="center" p="sm">
                  <Text c="dimmed" size="sm">
                    {t('conflicts.some', { shown: format.number(rows.length), total: format.number(total) })}
                  </Text>
                  {limit < MOST && (
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => setLimit((before) => Math.min(MOST, before + PAGE))}
                    >
                      {t('conflicts.more')}
                    </Button>
                  )}
                </Group>
              )}
            </div>
          )
        }
      </Answer>
    </Stack>
  )
}

function Row({ row }: { row: ConflictRow }) {
  const { t } = useTranslation('central')
  const format = useFormat()
  const kindWord = useKindWord()
  const fieldWord = useFieldWord()
  return (
    <UnstyledButton component={Link} to={`/central/conflicts/${row.id}`} className={classes.row} data-conflict={row.id}>
      <div>
        <Text fw={600}>
          {kindWord(row.kind)} {row.recordName !== '' && <bdi>{row.recordName}</bdi>}
        </Text>
        <Text size="sm" c="dimmed">
          {format.list(row.fieldNames.map(fieldWord))} · <MomentText at={row.foundAt} />
        </Text>
      </div>
      <Group gap="sm" wrap="nowrap">
        {row.settled !== null && (
          <Badge color="moss" variant="light" tt="none">
            {t('conflicts.wasSettled')}
          </Badge>
        )}
        {row.settled === null && row.decidedBy === 'rule' && (
          <Badge color="slate" variant="light" tt="none">
            {t('conflicts.byRule')}
          </Badge>
        )}
        <IconChevronRight size={16} className={classes.arrow} aria-hidden />
      </Group>
    </UnstyledButton>
  )
}
