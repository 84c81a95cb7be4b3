import { Badge, Button, Table, Text } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { EmptyState } from '../../../components/empty-state.tsx'
import { MomentText } from '../../../components/moment-text.tsx'
import { PageHeader } from '../../../components/page-header.tsx'
import { Screen } from '../../../components/screen.tsx'
import { Section } from '../../../components/section.tsx'
import { useFormat } from '../../../i18n/format.ts'
import { useMay } from '../../../state/session.ts'
import { useUndoImport } from './use-undo-import.ts'

const COLOURS = {
  running: 'slate',
  cancelling: 'slate',
  undoing: 'slate',
  done: 'moss',
  cancelled: 'gray',
  failed: 'brick',
  undone: 'gray',
  closed: 'moss',
} as const

/** Every import of this office, newest first, with the way back. */
export function ImportHistory() {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const mayUndo = useMay('clerk')
  const history = useQuery(
    api.registry.imports.history.queryOptions({ limit: 100 }, { kinds: ['registrant', 'membership'] }),
  )
  const { undo, undoing } = useUndoImport(() => history.refetch())
  return (
    <Screen>
      <PageHeader
        title={t('list.imports')}
        back={{ to: '/registrants', label: t('list.title') }}
        actions={
          mayUndo && (
            <Button component={Link} to="/registrants/import" leftSection={<IconFileImport size={16} />}>
              {t('list.import')}
            </Button>
          )
        }
      />
      <Answer query={history}>
        {(runs) =>
          runs.length === 0 ? (
            <EmptyState icon={IconFileImport} title={t('import.noHistory')} description={t('list.emptyImport')} />
          ) : (
            <Section title={t('import.history')} flush>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('import.fileName')}</Table.Th>
                    <Table.Th>{t('import.subject')}</Table.Th>
                    <Table.Th>{t('import.when')}</Table.Th>
                    <Table.Th>{t('import.result')}</Table.Th>
                    <Table.Th>{t('import.state')}</Table.Th>
                    {mayUndo && <Table.Th />}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {runs.map(({ id, fileName, subject, startedAt, state, report }) => (
                    <Table.Tr key={id}>
                      <Table.Td>
                        <bdi>{fileName}</bdi>
                      </Table.Td>
                      <Table.Td>{t(`import.subjects.${subject}`)}</Table.Td>
                      <Table.Td>
                        <MomentText at={startedAt} />
                      </Table.Td>
                      <Table.Td>
                        <Text size="sm">
                          {(['added', 'updated', 'skipped', 'refused'] as const)
                            .filter((name) => (report[name] ?? 0) > 0)
                            .map((name) => `${t(`import.counts.${name}`)}: ${format.number(report[name] ?? 0)}`)
                            .join(' · ')}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Badge variant="light" tt="none" color={COLOURS[state]}>
                          {t(`import.states.${state}`)}
                        </Badge>
                      </Table.Td>
                      {mayUndo && (
                        <Table.Td>
                          {state === 'done' && (
                            <Button
                              size="compact-sm"
                              variant="subtle"
                              color="brick"
                              loading={undoing === id}
                              onClick={() => void undo(id, fileName)}
                            >
                              {t('import.undo')}
                            </Button>
                          )}
                        </Table.Td>
                      )}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Section>
          )
        }
      </Answer>
    </Screen>
  )
}
