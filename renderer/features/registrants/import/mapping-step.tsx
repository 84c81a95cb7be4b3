import { Group, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ConsentWay } from '../../../../shared/model/tokenisation.ts'
import {
  type ImportSubject,
  importSubjects,
  importTargets,
  missingTarget,
  readsConsent,
  suggestMapping,
} from '../../../../shared/rules/import-columns.ts'
import { useApi } from '../../../api/provider.tsx'
import { Section } from '../../../components/section.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { ImportOptions, Inspected } from '../answers.ts'

interface MappingStepProps {
  fileName: string
  inspection: Inspected['inspection']
  options: ImportOptions
  onChange: (options: ImportOptions) => void
  /** Reads the file again in another encoding or with another delimiter. */
  onRead: (reading: Pick<ImportOptions, 'encoding' | 'delimiter'>) => void
}

const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
const DELIMITERS = [',', ';', '\t', '|'] as const

/** What the rows are and what each column means, with the first values beside it. */
export function MappingStep({ fileName, inspection, options, onChange, onRead }: MappingStepProps) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const { header, sample, rows, format: kind, encoding, delimiter } = inspection
  const { subject, mapping } = options
  const programmes = useQuery(api.programmes.programme.list.queryOptions(undefined, { kinds: ['programme'] }))
  const target = subject === 'individual' ? 'individual' : 'group'
  const fitting = (programmes.data ?? []).filter(
    ({ programme }) => programme.target === target && programme.state === 'active',
  )
  const missing = missingTarget(subject, mapping)
  const nameOf = (name: string): string => {
    const ofHead = name.startsWith('head.')
    const word = t(`import.targets.${ofHead ? name.slice(5) : name}`)
    return ofHead ? t('import.ofHead', { what: word }) : word
  }
  const map = (column: number, to: string | null): void => {
    const others = Object.entries(mapping).filter(([other, known]) => other !== String(column) && known !== to)
    onChange({ ...options, mapping: Object.fromEntries(to === null ? others : [...others, [String(column), to]]) })
  }
  return (
    <Stack>
      <Section
        title={t('import.about', { file: fileName })}
        description={t('import.rows', { count: rows, number: format.number(rows) })}
      >
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={t('import.subject')}
            value={subject}
            allowDeselect={false}
            data={importSubjects.map((value) => ({ value, label: t(`import.subjects.${value}`) }))}
            onChange={(value) => {
              const next = (value ?? 'individual') as ImportSubject
              const { programmeId, ...rest } = options
              onChange({ ...rest, subject: next, mapping: { ...suggestMapping(next, header) } })
            }}
          />
          <Select
            label={t('import.existing')}
            value={options.existing}
            allowDeselect={false}
            data={(['skip', 'update'] as const).map((value) => ({
              value,
              label: t(`import.existingChoices.${value}`),
            }))}
            onChange={(value) => onChange({ ...options, existing: value === 'update' ? 'update' : 'skip' })}
          />
          <Select
            label={t('import.dayOrder')}
            value={options.dayOrder}
            allowDeselect={false}
            data={(['dmy', 'mdy', 'ymd'] as const).map((value) => ({ value, label: t(`import.dayOrders.${value}`) }))}
            onChange={(value) => onChange({ ...options, dayOrder: (value ?? 'dmy') as ImportOptions['dayOrder'] })}
          />
          {kind === 'csv' && (
            <Select
              label={t('import.encoding')}
              value={encoding}
              allowDeselect={false}
              data={ENCODINGS.map((value) => ({ value, label: t(`import.encodings.${value}`) }))}
              onChange={(value) => onRead({ encoding: ENCODINGS.find((one) => one === value) })}
            />
          )}
          {kind === 'csv' && (
            <Select
              label={t('import.delimiter')}
              value={delimiter}
              allowDeselect={false}
              data={DELIMITERS.map((value) => ({ value, label: value === '\t' ? t('import.tab') : value }))}
              onChange={(value) =>
                onRead({ encoding: encoding || undefined, delimiter: DELIMITERS.find((one) => one === value) })
              }
            />
          )}
          {subject !== 'membership' && fitting.length > 0 && (
            <Select
              label={t('import.enrol')}
              placeholder={t('import.enrolNone')}
              clearable
              value={options.programmeId ?? null}
              data={fitting.map(({ programme }) => ({ value: programme.id, label: programme.name }))}
              onChange={(value) => {
                const { programmeId, ...rest } = options
                onChange(value === null ? rest : { ...rest, programmeId: value })
              }}
            />
          )}
          {readsConsent(mapping) && (
            <Select
              label={t('import.consentHow')}
              description={t('import.consentHint')}
              value={options.consentHow ?? 'paper'}
              allowDeselect={false}
              data={ConsentWay.options.map((value) => ({ value, label: t(`tokenisation:consent.ways.${value}`) }))}
              onChange={(value) =>
                onChange({ ...options, consentHow: ConsentWay.options.find((one) => one === value) ?? 'paper' })
              }
            />
          )}
        </SimpleGrid>
      </Section>
      <Section title={t('import.columns')} description={t('import.columnsHint')}>
        {missing !== undefined && (
          <Text c="brick" role="alert">
            {t('import.missing', { what: nameOf(missing) })}
          </Text>
        )}
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('import.column')}</Table.Th>
              <Table.Th>{t('import.values')}</Table.Th>
              <Table.Th>{t('import.meaning')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {header.map((heading, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column of a file is its place; headings may repeat
              <Table.Tr key={column}>
                <Table.Td>
                  <bdi>{heading || t('import.unnamed', { number: format.number(column + 1) })}</bdi>
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap" maw={360}>
                    <Text truncate c="dimmed" size="sm">
                      <bdi>
                        {sample
                          .map(({ cells }) => cells[column] ?? '')
                          .filter((cell) => cell.trim() !== '')
                          .slice(0, 3)
                          .join(' · ')}
                      </bdi>
                    </Text>
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Select
                    aria-label={t('import.meaningOf', { column: heading })}
                    placeholder={t('import.notRead')}
                    clearable
                    searchable
                    value={mapping[String(column)] ?? null}
                    data={importTargets[subject].map((name) => ({ value: name, label: nameOf(name) }))}
                    onChange={(to) => map(column, to)}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Section>
    </Stack>
  )
}
