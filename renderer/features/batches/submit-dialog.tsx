import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { DeedSummary } from './deed-summary.tsx'
import { CheckResult } from './preflight-tab.tsx'
import { useCheck } from './use-check.ts'

interface SubmitDialogProps {
  page: Pick<BatchPage, 'batch' | 'programmeName' | 'cycleName'>
  onClose: () => void
}

/** Shows what will be frozen and who stays out, then submits. */
export function SubmitDialog({ page: { batch, programmeName, cycleName }, onClose }: SubmitDialogProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const check = useCheck(batch.id)
  const submit = useMutation({
    ...api.batches.submit.mutationOptions(),
    onSuccess: ({ submission, left }) => {
      const done = t('submit.done', { count: submission.count, number: format.number(submission.count) })
      notifyDone(left > 0 ? `${done} ${t('submit.left', { count: left, number: format.number(left) })}` : done)
      onClose()
    },
  })
  const obstructed = check.data?.general.some(({ severity }) => severity === 'blocks') ?? false
  const payable = check.data?.payable
  return (
    <Modal
      opened
      size="lg"
      onClose={() => !submit.isPending && onClose()}
      closeOnClickOutside={false}
      title={
        <Text fw={640} size="lg">
          {t('submit.title')}
        </Text>
      }
    >
      <Stack>
        <Text>{t('submit.body')}</Text>
        <Answer query={check}>
          {(result) => (
            <>
              <DeedSummary
                count={result.payable.count}
                sums={[{ sum: result.payable.sum, currency: batch.currency }]}
                programme={programmeName}
                cycle={cycleName}
              />
              <CheckResult check={result} currency={batch.currency} />
            </>
          )}
        </Answer>
        {submit.error && <FaultMessage fault={submit.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={submit.isPending}>
            {t('common:cancel')}
          </Button>
          <Button
            data-autofocus
            loading={submit.isPending}
            disabled={payable === undefined || payable.count === 0 || obstructed}
            onClick={() => submit.mutate({ batchId: batch.id })}
          >
            {t('submit.confirm', { count: payable?.count ?? 0, number: format.number(payable?.count ?? 0) })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
