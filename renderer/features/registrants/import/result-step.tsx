import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconArrowBackUp, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../../api/provider.tsx'
import { FaultMessage } from '../../../components/fault-message.tsx'
import { ImportTokens } from '../../../components/tokens/import-tokens.tsx'
import type { ImportStatus } from '../answers.ts'
import { ImportCountCards } from './check-step.tsx'
import { ProblemList } from './problem-list.tsx'
import { useUndoImport } from './use-undo-import.ts'

/** How an import ended, what was left out, and the way back. */
export function ResultStep({ status, onAgain }: { status: ImportStatus; onAgain: () => void }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const queryClient = useQueryClient()
  const { id, fileName, outcome, counts, fault } = status
  const { undo, undoing } = useUndoImport(() =>
    queryClient.invalidateQueries({ queryKey: api.registry.imports.status.queryKey({ id }) }),
  )
  const done = outcome === 'done'
  return (
    <Stack>
      <Alert
        color={done ? 'moss' : 'gray'}
        variant="light"
        icon={done ? <IconCircleCheck size={18} /> : <IconInfoCircle size={18} />}
        title={t(`import.outcomes.${outcome ?? 'failed'}`, { file: fileName })}
        role="status"
      >
        {done ? t('import.doneHint') : t('import.nothingChanged')}
      </Alert>
      {fault && <FaultMessage fault={fault} />}
      {counts && done && <ImportCountCards counts={counts} />}
      {done && counts && counts.refused + counts.warned > 0 && <ProblemList status={status} />}
      {done && <ImportTokens importId={id} />}
      <Group>
        <Button component={Link} to="/registrants">
          {t('import.toList')}
        </Button>
        <Button variant="default" onClick={onAgain}>
          {t('import.another')}
        </Button>
        {done && (
          <Button
            variant="subtle"
            color="brick"
            loading={undoing === id}
            leftSection={<IconArrowBackUp size={16} />}
            onClick={() => void undo(id, fileName)}
          >
            {t('import.undo')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
