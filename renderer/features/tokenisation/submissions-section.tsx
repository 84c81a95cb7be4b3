import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { SubmissionCandidate, SubmissionView } from '../../../shared/contract/odk.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { useFactValue } from '../../components/fact-table.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { peopleKinds } from './answers.ts'
import { MoreRows } from './more-rows.tsx'
import { saidFacts } from './submitted-facts.ts'
import classes from './tokens.module.css'
import { usePages } from './use-pages.ts'

const PAGE = 20

/** Submissions that may be of somebody who is registered already. */
export function SubmissionsSection() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const input = { connectorId: null, state: 'doubtful', limit: PAGE } as const
  const pages = usePages(['odk.submissions', input], peopleKinds, (after, signal) =>
    api.odk.submissions.ask({ ...input, after }, signal),
  )
  return (
    <Section title={t('submissions.title')} description={t('submissions.meaning')} flush>
      <Answer query={pages}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <EmptyState icon={IconMoodSmile} title={t('submissions.none')} description={t('submissions.noneMeaning')} />
          ) : (
            <>
              <ul className={classes.list}>
                {rows.map((submission) => (
                  <li key={submission.ref} className={classes.row} data-submission={submission.ref}>
                    <Submission submission={submission} />
                  </li>
                ))}
              </ul>
              <MoreRows shown={rows.length} total={total} more={pages.more} busy={pages.loadingMore} />
            </>
          )
        }
      </Answer>
    </Section>
  )
}

type Verdict = { kind: 'same'; registrantId: string } | { kind: 'new' } | { kind: 'ignore' }

function Submission({ submission }: { submission: SubmissionView }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const queries = useQueryClient()
  const confirm = useConfirm()
  const factValue = useFactValue()
  const mayDecide = useMay('clerk')
  const [busy, setBusy] = useState(false)
  const { ref, doubt, reason, submittedAt } = submission
  if (doubt === null) return null
  const decide = async (verdict: Verdict, name: string): Promise<void> => {
    const sure = await confirm({
      title: t(`submissions.deeds.${verdict.kind}`, { name }),
      body: t(`submissions.sure.${verdict.kind}`, { name }),
      confirmLabel: t(`submissions.deeds.${verdict.kind}`, { name }),
      dangerous: verdict.kind === 'ignore',
    })
    if (!sure) return
    setBusy(true)
    try {
      await api.odk.decide.run({ ref, verdict })
      notifyDone(t('decided'))
      await queries.invalidateQueries()
    } catch (fault) {
      notifyFault(fault)
      setBusy(false)
    }
  }
  const said = saidFacts(doubt.facts)
  const name = doubt.facts.name ?? [doubt.facts.givenName, doubt.facts.familyName].filter(Boolean).join(' ')
  return (
    <Stack gap="sm" w="100%">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{t(`submissions.reasons.${reason}`, { defaultValue: t('submissions.reasons.other') })}</Text>
        <Text size="sm" c="dimmed">
          {t('submissions.submitted')} <MomentText at={Date.parse(submittedAt)} />
        </Text>
      </Group>
      <div className={classes.pair}>
        <div className={classes.side}>
          <Text size="sm" fw={600} mb={4}>
            {t('submissions.form')}
          </Text>
          <FactList
            facts={[
              ...said.map(({ field, value }) => ({
                name: t(`targets.${field}`),
                value: <bdi>{factValue(field, value)}</bdi>,
              })),
              ...(doubt.vidHint === '' ? [] : [{ name: t('targets.vid'), value: <bdi>{doubt.vidHint}</bdi> }]),
            ]}
          />
        </div>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {t('submissions.candidates')}
          </Text>
          {doubt.people.map((person) => (
            <Candidate
              key={person.registrantId}
              person={person}
              {...(mayDecide && {
                onChoose: () => void decide({ kind: 'same', registrantId: person.registrantId }, person.name),
              })}
              busy={busy}
            />
          ))}
          {mayDecide && (
            <Group gap="xs">
              <Button size="xs" variant="default" disabled={busy} onClick={() => void decide({ kind: 'new' }, name)}>
                {t('submissions.deeds.new')}
              </Button>
              <Button
                size="xs"
                variant="subtle"
                color="brick"
                disabled={busy}
                onClick={() => void decide({ kind: 'ignore' }, name)}
              >
                {t('submissions.deeds.ignore')}
              </Button>
            </Group>
          )}
        </Stack>
      </div>
    </Stack>
  )
}

interface CandidateProps {
  person: SubmissionCandidate
  onChoose?: () => void
  busy: boolean
}

function Candidate({ person, onChoose, busy }: CandidateProps) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { registrantId, name, registryNumber, birthdate, area, phoneHint } = person
  return (
    <div className={classes.side}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <div>
          <Anchor component={Link} to={`/registrants/${registrantId}`} fw={600}>
            <bdi>{name}</bdi>
          </Anchor>
          <Text size="sm" c="dimmed">
            {[registryNumber, birthdate && t('duplicates.born', { day: format.day(birthdate) }), area]
              .filter(Boolean)
              .join(' · ')}{' '}
            <bdi dir="ltr">{phoneHint}</bdi>
          </Text>
        </div>
        {onChoose && (
          <Button
            size="xs"
            variant="light"
            flex="none"
            disabled={busy}
            onClick={onChoose}
            aria-label={t('submissions.deeds.same', { name })}
          >
            {t('submissions.itIs')}
          </Button>
        )}
      </Group>
    </div>
  )
}
