import { Group, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { MomentText } from '../../components/moment-text.tsx'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import type { CallbackStatus } from './answers.ts'

const outcomes = ['waiting', 'applied', 'nothing-new', 'asked', 'stale', 'repeated', 'refused', 'failed'] as const

/** What came lately and what became of it. Never what it said. */
export function LastCalls({ status: { counts, last, managers } }: { status: CallbackStatus }) {
  const { t } = useTranslation('callbacks')
  const format = useFormat()
  const seen = outcomes.filter((outcome) => (counts[outcome] ?? 0) > 0)
  const nameOf = (owner: string): string => managers.find(({ id }) => id === owner)?.name ?? '—'
  return (
    <Section title={t('last')}>
      <Stack>
        {seen.length === 0 && <Text c="dimmed">{t('none')}</Text>}
        <Group gap="lg">
          {seen.map((outcome) => (
            <Text key={outcome} size="sm">
              {t(`outcomes.${outcome}`)} <strong>{format.number(counts[outcome] ?? 0)}</strong>
            </Text>
          ))}
        </Group>
        {last.length > 0 && (
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('when')}</Table.Th>
                <Table.Th>{t('from')}</Table.Th>
                <Table.Th>{t('payments')}</Table.Th>
                <Table.Th>{t('outcome')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {last.map(({ id, cameAt, owner, outcome, code, payments }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <MomentText at={cameAt} />
                  </Table.Td>
                  <Table.Td>{nameOf(owner)}</Table.Td>
                  <Table.Td>{format.number(payments)}</Table.Td>
                  <Table.Td>
                    {t(`outcomes.${outcome || 'waiting'}`)}
                    {code !== '' && (
                      <Text size="sm" c="dimmed">
                        {codeSentence(t, code)}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Section>
  )
}
