import { Alert, List, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { DeedDialog } from '../../../components/deed-dialog.tsx'
import { notifyDone } from '../../../components/notify.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { useFormat } from '../../../i18n/format.ts'
import type { View } from '../answers.ts'

/** Erases one person for good: what goes and what stays, what stands in the way, and the PIN. */
export function EraseDialog({ view, onClose }: { view: View; onClose: () => void }) {
  const { t } = useTranslation('keeping')
  const api = useApi()
  const format = useFormat()
  const query = useQuery({ ...api.keeping.person.queryOptions({ id: view.id }), gcTime: 0 })
  const obstacles = query.data?.obstacles
  const run = async (pin: string): Promise<void> => {
    await api.keeping.erase.run({ id: view.id, pin })
    notifyDone(t('erase.done'))
    onClose()
  }
  return (
    <DeedDialog
      title={t('erase.title', { name: view.name })}
      confirmLabel={t('erase.confirm')}
      dangerous
      ready={obstacles?.length === 0}
      run={run}
      onClose={onClose}
    >
      <Text>{t('erase.body')}</Text>
      <Answer query={query}>
        {({ goes, stays, obstacles: found }) => (
          <Stack>
            {found.length > 0 && (
              <Alert color="brick" title={t('erase.obstacles')}>
                <List size="sm">
                  {found.map((code) => (
                    <List.Item key={code}>{codeSentence(t, code)}</List.Item>
                  ))}
                </List>
              </Alert>
            )}
            <Counted title={t('erase.goes')} counts={goes} format={format.number} />
            <Counted title={t('erase.stays')} hint={t('erase.staysWhy')} counts={stays} format={format.number} />
            <Text size="sm" c="dimmed">
              {t('erase.backups')}
            </Text>
          </Stack>
        )}
      </Answer>
    </DeedDialog>
  )
}

interface CountedProps {
  title: string
  hint?: string
  counts: Readonly<Record<string, number>>
  format: (count: number) => string
}

function Counted({ title, hint, counts, format }: CountedProps) {
  const { t } = useTranslation('keeping')
  return (
    <div>
      <Text fw={600}>{title}</Text>
      {hint !== undefined && (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      )}
      <Table aria-label={title} withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          {Object.entries(counts).map(([name, count]) => (
            <Table.Tr key={name}>
              <Table.Td>{t(`erase.${name}`)}</Table.Td>
              <Table.Td ta="end">{format(count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
