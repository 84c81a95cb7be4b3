import { Button, Checkbox, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import type { BatchPage } from './answers.ts'
import { DeedSummary } from './deed-summary.tsx'
import { CheckResult } from './preflight-tab.tsx'
import { useReturnBatch } from './return-batch.tsx'
import { SubmissionChanges } from './submission-changes.tsx'
import { SubmissionFacts } from './submission-facts.tsx'
import { useCheck } from './use-check.ts'

const parts = ['figures', 'preflight', 'changes'] as const
type Part = (typeof parts)[number]

/** An approver looks at what was submitted, piece by piece, and approves or returns it. */
export function ReviewDialog({ page, onClose }: { page: BatchPage; onClose: () => void }) {
  const { t } = useTranslation('batches')
  const api = useApi()
  const askPin = useAskPin()
  const returnBatch = useReturnBatch()
  const narrow = useMediaQuery('(max-width: 48em)')
  const [seen, setSeen] = useState<ReadonlySet<Part>>(new Set())
  // What is on the screen is what is signed, even if the batch changes meanwhile; the core then refuses.
  const [{ submission, shown }] = useState(() => ({ submission: page.submissions.at(-1), shown: page }))
  const check = useCheck(shown.batch.id)
  const rulings = useQuery(
    api.batches.rulings.queryOptions(
      { batchId: shown.batch.id, submissionId: submission?.id ?? '', digest: submission?.digest ?? '' },
      { kinds: ['batch', 'decision', 'submission', 'officer'], enabled: submission !== undefined },
    ),
  )
  if (submission === undefined) return null

  const approve = async (): Promise<void> => {
    const done = await askPin({
      title: t('review.approveTitle'),
      body: (
        <>
          <p>{t('review.approveBody')}</p>
          <DeedSummary
            count={submission.count}
            sums={[submission]}
            programme={submission.programmeName}
            cycle={submission.cycleName}
          />
        </>
      ),
      confirmLabel: t('review.approveNow'),
      run: (pin) =>
        api.batches.decide.run({
          batchId: shown.batch.id,
          submissionId: submission.id,
          digest: submission.digest,
          verdict: 'approve',
          reason: '',
          pin,
        }),
    })
    if (done === undefined) return
    notifyDone(done.value.state === 'submitted' ? t('review.firstApproval') : t('review.approved'))
    onClose()
  }
  const tick = (part: Part) => (
    <Checkbox
      label={t(`review.seen.${part}`)}
      checked={seen.has(part)}
      disabled={part === 'preflight' && check.data === undefined}
      onChange={(event) => {
        const next = new Set(seen)
        if (event.currentTarget.checked) next.add(part)
        else next.delete(part)
        setSeen(next)
      }}
    />
  )
  const obstacle = rulings.data?.approve ?? null
  return (
    <Modal
      opened
      size="xl"
      fullScreen={narrow ?? false}
      onClose={onClose}
      closeOnClickOutside={false}
      title={
        <Text fw={640} size="lg">
          {t('review.title', { batch: shown.batch.name })}
        </Text>
      }
    >
      <Stack gap="lg">
        {rulings.error && <FaultMessage fault={rulings.error} />}
        {obstacle && <FaultMessage fault={obstacle} />}
        <section>
          <Title order={3} mb="xs">
            {t('review.figures')}
          </Title>
          <SubmissionFacts submission={submission} page={shown} />
          <div style={{ marginBlockStart: 'var(--mantine-spacing-xs)' }}>{tick('figures')}</div>
        </section>
        <section>
          <Title order={3} mb="xs">
            {t('tabs.preflight')}
          </Title>
          <Answer query={check}>{(result) => <CheckResult check={result} currency={submission.currency} />}</Answer>
          <div style={{ marginBlockStart: 'var(--mantine-spacing-xs)' }}>{tick('preflight')}</div>
        </section>
        <section>
          <Title order={3} mb="xs">
            {t('changes.title')}
          </Title>
          <SubmissionChanges changes={shown.changes} />
          <div style={{ marginBlockStart: 'var(--mantine-spacing-xs)' }}>{tick('changes')}</div>
        </section>
        <Group justify="space-between">
          <Button
            variant="light"
            color="ochre"
            disabled={rulings.data === undefined || rulings.data.return !== null}
            onClick={() => void returnBatch(shown.batch.id, submission).then((done) => done && onClose())}
          >
            {t('actions.return')}
          </Button>
          <Group gap="sm">
            {seen.size < parts.length && (
              <Text size="sm" c="dimmed">
                {t('review.lookFirst')}
              </Text>
            )}
            <Button
              disabled={seen.size < parts.length || rulings.data === undefined || obstacle !== null}
              onClick={() => void approve()}
            >
              {t('actions.approve')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}
