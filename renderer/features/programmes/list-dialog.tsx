import { Button, Group, Modal, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { spreadsheetSafe } from '../../../shared/rules/text.ts'
import type { Api } from '../../api/client.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { FileDrop } from '../../components/file-drop.tsx'
import { Money } from '../../components/money.tsx'
import { saveFile } from '../../components/save-file.ts'
import { faultSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { uploadList } from './upload-list.ts'
import { useWork, WorkProgress } from './work-progress.tsx'

type Lists = Api['programmes']['lists']
type Inspection = Awaited<ReturnType<Lists['inspect']['run']>>
type Report = Awaited<ReturnType<Lists['check']['run']>>
type Purpose = Parameters<Lists['check']['run']>[0]['purpose']

export interface ListOutcome {
  readonly importId: string
  readonly taken: number
}

interface ListDialogProps {
  purpose: Purpose
  currency: string
  onClose: (outcome?: ListOutcome) => void
}

const LIMIT = 50_000_000
const SHOWN = 50

/** Brings a list of registry numbers in: file, columns, what it would do with every error, then the import. */
export function ListDialog({ purpose, currency, onClose }: ListDialogProps) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const format = useFormat()
  const subjectId = purpose.subject === 'enrolments' ? purpose.programmeId : purpose.cycleId
  const work = useWork(subjectId)
  const [list, setList] = useState<{ id: string; inspection: Inspection }>()
  const [columns, setColumns] = useState<Inspection['columns']>({ number: 0, amount: null, code: null })
  const [report, setReport] = useState<Report>()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()

  const attempt = async (deed: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    try {
      await deed()
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBusy(false)
    }
  }
  const take = (file: File): Promise<void> =>
    attempt(async () => {
      const id = await uploadList(api, file)
      const inspection = await api.programmes.lists.inspect.run({ id })
      setList({ id, inspection })
      setColumns(inspection.columns)
      setReport(undefined)
    })
  const check = (): Promise<void> =>
    attempt(async () => {
      if (list) setReport(await api.programmes.lists.check.run({ id: list.id, purpose, columns }))
    })
  const run = (): Promise<void> =>
    attempt(async () => {
      if (!list || !report) return
      const { importId, taken } = await api.programmes.lists.run.run({
        id: list.id,
        purpose,
        columns,
        expected: report.taken,
      })
      onClose({ importId, taken })
    })
  const saveProblems = (): void => {
    const rows = (report?.problems ?? []).map(({ row, number, fault: why }) => [
      String(row),
      number,
      faultSentence(t, why),
    ])
    const text = [[t('lists.row'), t('lists.number'), t('fields.reason')], ...rows]
      .map((cells) => cells.map((cell) => `"${spreadsheetSafe(cell).replaceAll('"', '""')}"`).join(','))
      .join('\r\n')
    saveFile('rows-not-taken.csv', `\ufeff${text}\r\n`)
  }
  const headings = (list?.inspection.header ?? []).map((heading, index) => ({ key: String(index), heading, index }))
  const choices = headings.map(({ key, heading, index }) => ({
    value: key,
    label: t('lists.column', { place: format.number(index + 1), heading }),
  }))
  const columnSelect = (what: keyof Inspection['columns'], optional: boolean) => (
    <Select
      label={t(`lists.columns.${what}`)}
      value={columns[what] === null ? null : String(columns[what])}
      onChange={(chosen) => {
        setReport(undefined)
        setColumns({ ...columns, [what]: chosen === null ? null : Number(chosen) })
      }}
      data={choices}
      allowDeselect={optional}
      clearable={optional}
    />
  )
  return (
    <Modal
      opened
      onClose={() => onClose()}
      size="xl"
      title={
        <Text fw={640} size="lg">
          {t(`lists.${purpose.subject}.title`)}
        </Text>
      }
    >
      <Stack>
        {!list && (
          <FileDrop
            label={t(`lists.${purpose.subject}.file`)}
            endings={['.csv', '.txt', '.xlsx']}
            limit={LIMIT}
            onFile={(file) => void take(file)}
            disabled={busy}
          />
        )}
        {list && (
          <SimpleGrid cols={{ base: 1, sm: purpose.subject === 'entitlements' ? 3 : 1 }}>
            {columnSelect('number', false)}
            {purpose.subject === 'entitlements' && columnSelect('amount', false)}
            {purpose.subject === 'entitlements' && columnSelect('code', true)}
          </SimpleGrid>
        )}
        {list && !report && (
          <Table.ScrollContainer minWidth={300}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  {headings.map(({ key, heading }) => (
                    <Table.Th key={key}>
                      <bdi>{heading}</bdi>
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.inspection.sample.map((cells) => (
                  <Table.Tr key={cells.join('\u001f')}>
                    {headings.map(({ key, index }) => (
                      <Table.Td key={key}>
                        <bdi>{cells[index]}</bdi>
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {report && (
          <>
            <Text fw={600} role="status">
              {t('lists.report', {
                rows: format.number(report.rows),
                taken: format.number(report.taken),
                left: format.number(report.problems.length),
              })}
              {purpose.subject === 'entitlements' && (
                <>
                  {' '}
                  <Money minor={report.sum} currency={currency} />
                </>
              )}
            </Text>
            {report.problems.length > 0 && (
              <>
                <Table.ScrollContainer minWidth={300} mah={260}>
                  <Table>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th ta="end">{t('lists.row')}</Table.Th>
                        <Table.Th>{t('lists.number')}</Table.Th>
                        <Table.Th>{t('fields.reason')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {report.problems.slice(0, SHOWN).map((problem) => (
                        <Table.Tr key={problem.row}>
                          <Table.Td ta="end">{format.number(problem.row)}</Table.Td>
                          <Table.Td>
                            <bdi>{problem.number}</bdi>
                          </Table.Td>
                          <Table.Td>{faultSentence(t, problem.fault)}</Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
                <Group>
                  <Button variant="default" leftSection={<IconDownload size={16} />} onClick={saveProblems}>
                    {t('lists.saveProblems')}
                  </Button>
                </Group>
              </>
            )}
          </>
        )}
        <WorkProgress subjectId={subjectId} work={work} />
        {fault && <FaultMessage fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onClose()}>
            {t('common:cancel')}
          </Button>
          {list && !report && (
            <Button
              loading={busy}
              onClick={() => void check()}
              disabled={purpose.subject === 'entitlements' && columns.amount === null}
            >
              {t('lists.check')}
            </Button>
          )}
          {report && (
            <Button loading={busy} onClick={() => void run()} disabled={report.taken === 0 || work !== null}>
              {t('lists.run', { number: format.number(report.taken) })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
