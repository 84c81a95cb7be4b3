import { Badge, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconRubberStamp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { BatchPage } from './answers.ts'
import { shortDigest } from './batch-life.ts'
import { SubmissionChanges } from './submission-changes.tsx'
import { SubmissionFacts } from './submission-facts.tsx'

/** What was submitted, what changed since the submission before, and who decided what. */
export function ApprovalsTab({ page }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const latest = page.submissions.at(-1)
  if (latest === undefined) {
    return <EmptyState icon={IconRubberStamp} title={t('approvals.none')} description={t('approvals.noneHint')} />
  }
  return (
    <Stack>
      <WhyNot page={page} submission={latest} />
      <Section title={t('submission.title', { number: format.number(latest.number) })}>
        <SubmissionFacts submission={latest} page={page} />
      </Section>
      <Section title={t('changes.title')}>
        <SubmissionChanges changes={page.changes} />
      </Section>
      <Section
        title={t('approvals.decisions')}
        description={t('approvals.soFar', {
          done: format.number(page.standing.approvals),
          needed: format.number(page.standing.approvalsNeeded),
        })}
      >
        {page.decisions.length === 0 && <Text c="dimmed">{t('approvals.noDecision')}</Text>}
        <Stack gap="sm">
          {page.decisions.map((decision) => (
            <Group key={decision.id} align="flex-start" gap="sm" wrap="nowrap">
              <Badge
                color={decision.verdict === 'approve' ? 'moss' : 'ochre'}
                variant="light"
                radius="sm"
                tt="none"
                style={{ flex: 'none' }}
              >
                {t(`approvals.${decision.verdict}`)}
              </Badge>
              <div>
                <Text>
                  <bdi>{page.officers[decision.officerId] ?? decision.officerId}</bdi>,{' '}
                  <MomentText at={decision.decidedAt} show="date" />{' '}
                  <Text span c="dimmed">
                    {t('approvals.ofSubmission', { number: format.number(decision.submissionNumber) })}
                  </Text>
                </Text>
                {decision.reason !== '' && (
                  <Text>
                    <bdi>{decision.reason}</bdi>
                  </Text>
                )}
                <Group gap={4} c="dimmed">
                  <IconCheck size={13} aria-hidden />
                  <Text size="xs">
                    {t('approvals.signed')} <bdi dir="ltr">{shortDigest(decision.digest)}</bdi>
                  </Text>
                </Group>
              </div>
            </Group>
          ))}
        </Stack>
      </Section>
    </Stack>
  )
}

/** Tells an approver why this batch is not theirs to decide on. */
function WhyNot({ page, submission }: { page: BatchPage; submission: BatchPage['submissions'][number] }) {
  const api = useApi()
  const approver = useMay('approver')
  const waits = page.batch.state === 'submitted' || page.batch.state === 'lapsed'
  const rulings = useQuery(
    api.batches.rulings.queryOptions(
      { batchId: page.batch.id, submissionId: submission.id, digest: submission.digest },
      { kinds: ['batch', 'decision', 'submission', 'officer'], enabled: approver && waits },
    ),
  )
  return waits && rulings.data?.approve ? <FaultMessage fault={rulings.data.approve} /> : null
}
