import { Button, Group, List, Modal, Stack, Table, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Programme } from '../../../shared/model/programme.ts'
import { findCurrencyDigits } from '../../../shared/rules/currency.ts'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { FilterField, findFilterError } from '../../components/filter/filter-field.tsx'
import { LoadingState } from '../../components/loading-state.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWork, WorkProgress } from './work-progress.tsx'

interface Outcome {
  readonly done: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly undo: { readonly programmeId: string; readonly moments: string[] }
}

const QUIET = 400

/** Enrols all that a filter over the registry takes, after showing who that is and who is left out. */
export function EnrolDialog({ programme, onClose }: { programme: Programme; onClose: (outcome?: Outcome) => void }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const format = useFormat()
  const work = useWork(programme.id)
  const [filter, setFilter] = useState(
    programme.target === 'group' ? "[('kind', '=', 'group')]" : "[('kind', '=', 'individual')]",
  )
  const [asked] = useDebouncedValue(filter, QUIET)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  const schema = useMemo(
    () => filterSchemas(findCurrencyDigits(programme.currency) ?? 2).registrant,
    [programme.currency],
  )
  const isFine = findFilterError(asked, schema) === undefined
  const preview = useQuery(
    api.programmes.enrolments.preview.queryOptions(
      { programmeId: programme.id, filter: asked },
      { kinds: ['registrant', 'enrolment'], enabled: isFine && !busy, keepPrevious: true },
    ),
  )
  const upToDate = isFine && asked === filter && !preview.isPlaceholderData
  const count = preview.data?.enrol ?? 0
  const enrol = async (): Promise<void> => {
    setBusy(true)
    setFault(undefined)
    try {
      onClose(await api.programmes.enrolments.enrolByFilter.run({ programmeId: programme.id, filter, expected: count }))
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }
  const codes = Object.entries(preview.data?.leftOut ?? {})
  return (
    <Modal
      opened
      onClose={() => onClose()}
      size="lg"
      title={
        <Text fw={640} size="lg">
          {t('enrol.title')}
        </Text>
      }
    >
      <Stack>
        <FilterField label={t('enrol.filter')} schema={schema} value={filter} onChange={setFilter} />
        {preview.error && isFine && <FaultMessage fault={preview.error} />}
        {!preview.data && !preview.error && isFine && <LoadingState />}
        {preview.data && isFine && (
          <>
            <Text fw={600} role="status">
              {t('enrol.willEnrol', { number: format.number(count) })}
            </Text>
            <Examples people={preview.data.examples.enrol ?? []} total={count} />
            {codes.length > 0 && (
              <Table>
                <Table.Caption>{t('leftOut.title')}</Table.Caption>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('fields.reason')}</Table.Th>
                    <Table.Th ta="end">{t('fields.count')}</Table.Th>
                    <Table.Th>{t('enrol.examples')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {codes.map(([code, left]) => (
                    <Table.Tr key={code}>
                      <Table.Td>{codeSentence(t, code)}</Table.Td>
                      <Table.Td ta="end" className="office-figures">
                        {format.number(left)}
                      </Table.Td>
                      <Table.Td>
                        <Examples people={(preview.data.examples[code] ?? []).slice(0, 3)} total={left} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
          </>
        )}
        <WorkProgress subjectId={programme.id} work={work} />
        {fault && <FaultMessage fault={fault} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onClose()}>
            {busy ? t('enrol.leave') : t('common:cancel')}
          </Button>
          <Button onClick={() => void enrol()} loading={busy} disabled={!upToDate || count === 0 || work !== null}>
            {t('enrol.confirm', { number: format.number(count) })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Examples({
  people,
  total,
}: {
  people: readonly { registrantId: string; name: string; registryNumber: string }[]
  total: number
}) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const more = total - people.length
  return (
    <List size="sm" listStyleType="none" c="dimmed">
      {people.map(({ registrantId, name, registryNumber }) => (
        <List.Item key={registrantId}>
          <bdi>{name}</bdi> <bdi className="office-figures">{registryNumber}</bdi>
        </List.Item>
      ))}
      {more > 0 && people.length > 0 && <List.Item>{t('enrol.more', { number: format.number(more) })}</List.Item>}
    </List>
  )
}
