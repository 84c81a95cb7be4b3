import { List, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'

const SHOWN = 100

/** What the latest submission changed against the one before it. */
export function SubmissionChanges({ changes }: { changes: BatchPage['changes'] }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  if (changes === null) return <Text c="dimmed">{t('changes.first')}</Text>
  const { added, removed, changed } = changes
  if (added.length + removed.length + changed.length === 0) return <Text>{t('changes.none')}</Text>
  const more = (hidden: number) =>
    hidden > 0 && <Text c="dimmed">{t('plan.more', { count: hidden, number: format.number(hidden) })}</Text>
  const people = (key: 'added' | 'removed', names: readonly string[]) =>
    names.length > 0 && (
      <div>
        <Text fw={560}>{t(`changes.${key}`, { count: names.length, number: format.number(names.length) })}</Text>
        <Text>
          <bdi>{format.list(names.slice(0, SHOWN))}</bdi>
        </Text>
        {more(names.length - SHOWN)}
      </div>
    )
  return (
    <Stack gap="sm">
      {people('added', added)}
      {people('removed', removed)}
      {changed.length > 0 && (
        <div>
          <Text fw={560}>{t('changes.changed', { count: changed.length, number: format.number(changed.length) })}</Text>
          <List>
            {changed.slice(0, SHOWN).map(({ paymentId, payeeName, what }) => (
              <List.Item key={paymentId}>
                <bdi>{payeeName}</bdi>: {format.list(what.map((one) => t(`changes.what.${one}`)))}
              </List.Item>
            ))}
          </List>
          {more(changed.length - SHOWN)}
        </div>
      )}
    </Stack>
  )
}
