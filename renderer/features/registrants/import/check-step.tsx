import { Anchor, Badge, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { readsConsent } from '../../../../shared/rules/import-columns.ts'
import { Section } from '../../../components/section.tsx'
import { StatCard } from '../../../components/stat-card.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { ImportStatus } from '../answers.ts'
import { ProblemList } from './problem-list.tsx'
import { Reasons } from './reasons.tsx'

const COLOURS = { add: 'moss', update: 'spruce', skip: 'gray', refuse: 'brick' } as const

/** What the import would do: counts, the first rows, and every row that is not fit. */
export function CheckStep({ status, onHistory }: { status: ImportStatus; onHistory: () => void }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  const { counts, preview, id } = status
  const asksConsent = readsConsent(status.options?.mapping ?? {})
  return (
    <Stack>
      {counts && <ImportCountCards counts={counts} />}
      <Section title={t('import.preview')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('import.row')}</Table.Th>
              <Table.Th>{t('fields.name')}</Table.Th>
              <Table.Th>{t('fields.registryNumber')}</Table.Th>
              {asksConsent && <Table.Th>{t('import.consent')}</Table.Th>}
              <Table.Th>{t('import.does')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.map(({ row, name, registryNumber, does, consent, reasons }) => (
              <Table.Tr key={row}>
                <Table.Td>{format.number(row)}</Table.Td>
                <Table.Td>
                  <bdi>{name}</bdi>
                </Table.Td>
                <Table.Td>
                  <bdi>{registryNumber}</bdi>
                </Table.Td>
                {asksConsent && <Table.Td>{consent !== null && t(`import.consents.${consent}`)}</Table.Td>}
                <Table.Td>
                  <Group gap="xs">
                    <Badge variant="light" tt="none" color={COLOURS[does]}>
                      {t(`import.doing.${does}`)}
                    </Badge>
                    <Reasons reasons={reasons} />
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Section>
      {counts && counts.refused + counts.warned > 0 && <ProblemList status={status} key={id} />}
      <Text c="dimmed" size="sm">
        {t('import.undoHint')}{' '}
        <Anchor component="button" type="button" onClick={onHistory}>
          {t('list.imports')}
        </Anchor>
      </Text>
    </Stack>
  )
}

/** Rows by what becomes of them. */
export function ImportCountCards({ counts }: { counts: NonNullable<ImportStatus['counts']> }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  return (
    <SimpleGrid cols={{ base: 2, sm: 5 }}>
      {(['added', 'updated', 'skipped', 'refused', 'warned'] as const).map((name) => (
        <StatCard key={name} label={t(`import.counts.${name}`)} value={format.number(counts[name])} />
      ))}
    </SimpleGrid>
  )
}
