import { Anchor, Button, Group, Pagination, Select, Stack, Table, Text } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { statementLines } from '../../../shared/rules/statement.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { Money } from '../../components/money.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { PrintArea } from '../../components/print-area.tsx'
import { Section } from '../../components/section.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { type CycleView, cycleKinds, type StatementAnswer } from './answers.ts'
import { useSaveCycleList } from './save-cycle-list.ts'

const PAGE = 100

/** What was entitled, prepared, sent, paid and what came back, and every difference with the way to it. */
export function StatementTab({ view }: { view: CycleView }) {
  const api = useApi()
  const [code, setCode] = useState<string | null>(null)
  const [page, setPage] = useState(1)
  const query = useQuery(
    api.programmes.cycles.statement.queryOptions(
      { cycleId: view.cycle.id, code, offset: (page - 1) * PAGE, limit: PAGE },
      { kinds: cycleKinds, keepPrevious: true },
    ),
  )
  return (
    <Answer query={query}>
      {(statement) => (
        <Statement
          statement={statement}
          code={code}
          page={page}
          onPage={setPage}
          onCode={(chosen) => {
            setCode(chosen)
            setPage(1)
          }}
        />
      )}
    </Answer>
  )
}

interface StatementProps {
  statement: StatementAnswer
  code: string | null
  page: number
  onCode: (code: string | null) => void
  onPage: (page: number) => void
}

function Statement({ statement, code, page, onCode, onPage }: StatementProps) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const save = useSaveCycleList(statement.cycle)
  const { cycle, programmeName, differing, differences, kinds } = statement
  const subtitle = t('statement.subtitle', {
    programme: programmeName,
    from: format.day(cycle.startDate),
    to: format.day(cycle.endDate),
  })
  return (
    <>
      <Stack>
        <Section
          title={t('statement.title')}
          description={t('statement.meaning')}
          actions={
            <>
              <Button
                variant="default"
                leftSection={<IconDownload size={16} />}
                loading={save.busy}
                onClick={() => void save.run().catch(notifyFault)}
              >
                {t('statement.export')}
              </Button>
              <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
                {t('statement.print')}
              </Button>
            </>
          }
          flush
        >
          <Lines statement={statement} />
        </Section>
        <Section
          title={t('statement.differences')}
          description={differing === 0 && code === null ? t('statement.noDifferences') : undefined}
          actions={
            Object.keys(kinds).length > 0 && (
              <Select
                aria-label={t('fields.reason')}
                placeholder={t('statement.allKinds')}
                value={code}
                onChange={onCode}
                data={Object.entries(kinds).map(([kind, count]) => ({
                  value: kind,
                  label: t('statement.kind', { sentence: codeSentence(t, kind), number: format.number(count) }),
                }))}
                clearable
                w={320}
              />
            )
          }
          flush
        >
          {differences.length > 0 && (
            <Stack gap="sm">
              <Differences statement={statement} />
              {differing > PAGE && (
                <Group justify="center" pb="sm">
                  <Pagination
                    total={Math.ceil(differing / PAGE)}
                    value={page}
                    onChange={onPage}
                    getControlProps={(control) => ({ 'aria-label': t(`statement.pages.${control}`) })}
                  />
                </Group>
              )}
            </Stack>
          )}
        </Section>
      </Stack>
      <PrintArea title={t('statement.of', { cycle: cycle.name })} subtitle={subtitle}>
        <Lines statement={statement} />
        {differences.length > 0 && (
          <>
            <Text fw={600} mt="md">
              {t('statement.differences')}
            </Text>
            <Differences statement={statement} />
            {differing > differences.length && (
              <Text size="sm">
                {t('statement.moreInExport', { number: format.number(differing - differences.length) })}
              </Text>
            )}
          </>
        )}
        <Group mt={48} justify="space-between">
          <Text>{t('statement.signature')}</Text>
          <Text>{t('statement.date')}</Text>
        </Group>
      </PrintArea>
    </>
  )
}

function Lines({ statement }: { statement: StatementAnswer }) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const { currency, entitled, prepared, sent, lines, paidOut } = statement
  const row = (name: string, { count, sum }: { count: number; sum: number }, bold = false) => (
    <Table.Tr key={name} fw={bold ? 640 : 400}>
      <Table.Td ps={bold ? 'md' : 'xl'}>{name}</Table.Td>
      <Table.Td ta="end" className="office-figures">
        {format.number(count)}
      </Table.Td>
      <Table.Td ta="end">
        <Money minor={sum} currency={currency} />
      </Table.Td>
    </Table.Tr>
  )
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('statement.line')}</Table.Th>
          <Table.Th ta="end">{t('fields.count')}</Table.Th>
          <Table.Th ta="end">{t('fields.amount')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {row(t('statement.entitled'), entitled, true)}
        {statementLines.map((line) => row(t(`statement.lines.${line}`), lines[line]))}
        {row(t('statement.prepared'), prepared, true)}
        {row(t('statement.sent'), sent, true)}
        <Table.Tr fw={640}>
          <Table.Td colSpan={2}>{t('statement.paidOut')}</Table.Td>
          <Table.Td ta="end">
            <Money minor={paidOut} currency={currency} />
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  )
}

function Differences({ statement }: { statement: StatementAnswer }) {
  const { t } = useTranslation('programmes')
  const { differences, currency } = statement
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('fields.registrant')}</Table.Th>
          <Table.Th>{t('fields.reason')}</Table.Th>
          <Table.Th ta="end">{t('fields.amount')}</Table.Th>
          <Table.Th>{t('fields.payment')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map((difference) => (
          <Table.Tr key={`${difference.entitlementId} ${difference.paymentId} ${difference.code}`}>
            <Table.Td>
              <Anchor component={Link} to={`/registrants/${difference.registrantId}`}>
                <bdi>{difference.name || difference.registrantId}</bdi>
              </Anchor>
              <Text size="xs" c="dimmed">
                <bdi>{difference.registryNumber}</bdi>
              </Text>
            </Table.Td>
            <Table.Td>{codeSentence(t, difference.code, difference.params)}</Table.Td>
            <Table.Td ta="end">
              <Money minor={difference.amount} currency={currency} />
            </Table.Td>
            <Table.Td>
              {difference.paymentId !== '' && (
                <Anchor component={Link} to={`/batches/payments/${difference.paymentId}`}>
                  {t('entitlements.toPayment')}
                </Anchor>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
