import { Button, Table, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { catalogue } from '../../../../shared/contract/errors.ts'
import { importTargets } from '../../../../shared/rules/import-columns.ts'
import { useApi } from '../../../api/provider.tsx'
import { notifyFault } from '../../../components/notify.tsx'
import { saveFile } from '../../../components/save-file.ts'
import { Section } from '../../../components/section.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { useFormat } from '../../../i18n/format.ts'
import type { ImportStatus } from '../answers.ts'
import { fromBase64 } from '../export-menu.tsx'
import { Reasons, useFieldWords } from './reasons.tsx'

const PAGE = 100
const fields = [...new Set(Object.values(importTargets).flat())]

/** Rows that are not taken, and rows that are worth a look, by the row number of the file; the former can be saved as a file. */
export function ProblemList({ status: { id, fileName, inspection } }: { status: ImportStatus }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const fieldWords = useFieldWords()
  const [saving, setSaving] = useState(false)
  const problems = useInfiniteQuery({
    queryKey: ['import problems', id],
    queryFn: ({ pageParam, signal }) =>
      api.registry.imports.problems.ask({ id, after: pageParam, limit: PAGE }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.problems.length < PAGE ? undefined : page.problems.at(-1)?.row),
    staleTime: 0,
  })
  const save = async (): Promise<void> => {
    setSaving(true)
    try {
      const codes = Object.keys(catalogue).filter((code) => !/^(api|store|vault|identity|http)\./.test(code))
      const sentences = Object.fromEntries(codes.map((code) => [code, codeSentence(t, code).slice(0, 300)]))
      const words = {
        row: t('import.row'),
        reasons: t('import.reasons'),
        fields: Object.fromEntries(fields.map((field) => [field, fieldWords(field)])),
      }
      const header = (inspection?.header ?? []).map((heading) => heading.slice(0, 200))
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let after = 0; ; ) {
        const piece = await api.registry.imports.badRows.ask({ id, after, header, sentences, words })
        parts.push(fromBase64(piece.content))
        if (piece.last) break
        after = piece.after
      }
      saveFile(`${fileName.replace(/\.\w+$/, '')} – ${t('import.badRowsFile')}.csv`, parts, 'text/csv;charset=utf-8')
    } catch (error) {
      notifyFault(error)
    } finally {
      setSaving(false)
    }
  }
  const pages = problems.data?.pages ?? []
  const refused = pages[0]?.refused ?? 0
  const rows = pages.flatMap((page) => page.problems)
  if (rows.length === 0) return null
  return (
    <Section
      title={t('import.problems')}
      actions={
        refused > 0 && (
          <Button
            variant="default"
            size="xs"
            loading={saving}
            leftSection={<IconDownload size={15} />}
            onClick={() => void save()}
          >
            {t('import.saveBadRows', { count: refused, number: format.number(refused) })}
          </Button>
        )
      }
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('import.row')}</Table.Th>
            <Table.Th>{t('import.content')}</Table.Th>
            <Table.Th>{t('import.reasons')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ row, line, taken, cells, reasons }) => (
            <Table.Tr key={row}>
              <Table.Td>
                {format.number(row)}
                {line !== row && (
                  <Text size="xs" c="dimmed">
                    {t('import.line', { number: format.number(line) })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td maw={320}>
                <Text truncate size="sm" c="dimmed">
                  <bdi>
                    {cells
                      .filter((cell) => cell !== '')
                      .join(' · ')
                      .slice(0, 300)}
                  </bdi>
                </Text>
              </Table.Td>
              <Table.Td>
                {taken && (
                  <Text size="sm" c="dimmed">
                    {t('import.takenAnyway')}
                  </Text>
                )}
                <Reasons reasons={reasons} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {problems.hasNextPage && (
        <Button
          mt="sm"
          variant="default"
          loading={problems.isFetchingNextPage}
          onClick={() => void problems.fetchNextPage()}
        >
          {t('import.moreProblems')}
        </Button>
      )}
    </Section>
  )
}
