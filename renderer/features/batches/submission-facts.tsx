import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { countParts } from '../../../shared/rules/submission-parts.ts'
import { CopyText } from '../../components/copy-text.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Money } from '../../components/money.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { shortDigest } from './batch-life.ts'

interface SubmissionFactsProps {
  submission: BatchPage['submissions'][number]
  page: BatchPage
  /** Paper shows in full what the screen lets one copy. */
  onPaper?: boolean
}

/** What was frozen: the facts that an approval signs. */
export function SubmissionFacts({ submission, page, onPaper = false }: SubmissionFactsProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const nameOf = (id: string): string => page.officers[id] ?? t('theOffice')
  return (
    <FactList
      facts={[
        { name: t('figures.payments'), value: <Text fw={640}>{format.number(submission.count)}</Text> },
        { name: t('figures.sum'), value: <Money minor={submission.sum} currency={submission.currency} fw={640} /> },
        { name: t('columns.programme'), value: <bdi>{submission.programmeName}</bdi> },
        { name: t('columns.cycle'), value: <bdi>{submission.cycleName}</bdi> },
        {
          name: t('submission.payer'),
          value: (
            <>
              <bdi>{submission.payerName}</bdi>{' '}
              <Text span c="dimmed">
                <bdi>{submission.payerAddress}</bdi>
              </Text>
            </>
          ),
        },
        {
          name: t('submission.channel'),
          value: (
            <>
              <bdi>{page.managerName}</bdi>{' '}
              <Text span c="dimmed">
                {t(`channels.${submission.channel}`)}
              </Text>
            </>
          ),
        },
        {
          name: t('submission.parts'),
          value: format.number(countParts(submission)),
        },
        {
          name: t('submission.submitted'),
          value: (
            <>
              <bdi>{nameOf(submission.submittedBy)}</bdi>, <MomentText at={submission.changedAt} show="date" />
            </>
          ),
        },
        { name: t('submission.makers'), value: <bdi>{format.list(submission.makers.map(nameOf))}</bdi> },
        {
          name: t('submission.digest'),
          value: (
            <>
              <Text span ff="monospace" fw={600}>
                <bdi dir="ltr">{shortDigest(submission.digest)}</bdi>
              </Text>{' '}
              <Text size="xs" c="dimmed" component="div">
                {onPaper ? (
                  <bdi dir="ltr" style={{ overflowWrap: 'anywhere' }}>
                    {submission.digest}
                  </bdi>
                ) : (
                  <CopyText value={submission.digest} />
                )}
              </Text>
            </>
          ),
        },
      ]}
    />
  )
}
