import { Anchor, Badge, Button, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DuplicatePerson, DuplicateView } from '../../../shared/contract/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { peopleKinds } from './answers.ts'
import classes from './tokens.module.css'

/** Two registrants with one token: an officer says whether they are one person. */
export function DuplicatesSection() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const [shown, setShown] = useState<'open' | 'all'>('open')
  const query = useQuery(
    api.tokenisation.duplicates.queryOptions({ open: shown === 'open' }, { kinds: peopleKinds, keepPrevious: true }),
  )
  return (
    <Section
      title={t('duplicates.title')}
      description={t('duplicates.meaning')}
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('duplicates.shown')}
          value={shown}
          onChange={(next) => setShown(next === 'all' ? 'all' : 'open')}
          data={[
            { value: 'open', label: t('duplicates.open') },
            { value: 'all', label: t('runs.all') },
          ]}
        />
      }
    >
      <Answer query={query}>
        {(duplicates) =>
          duplicates.length === 0 ? (
            <EmptyState icon={IconMoodSmile} title={t('duplicates.none')} description={t('duplicates.noneMeaning')} />
          ) : (
            <ul className={classes.list}>
              {duplicates.map((duplicate) => (
                <li key={duplicate.id} className={classes.row} data-duplicate={duplicate.id}>
                  <Pair duplicate={duplicate} onDecided={() => void query.refetch()} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  )
}

function Pair({ duplicate, onDecided }: { duplicate: DuplicateView; onDecided: () => void }) {
  const { t } = useTranslation('tokenisation')
  const ask = useDialog()
  const mayDecide = useMay('clerk')
  const { people, state, foundAt, note } = duplicate
  const decide = async (verdict: Verdict): Promise<void> => {
    const done = await ask<boolean>((close) => (
      <VerdictDialog duplicate={duplicate} verdict={verdict} onClose={(decided) => close(decided)} />
    ))
    if (done) onDecided()
  }
  return (
    <>
      <div className={classes.pair}>
        {people.map((person) => (
          <Person key={person.registrantId} person={person} />
        ))}
      </div>
      <Stack gap={6} align="flex-end">
        <Text size="sm" c="dimmed">
          {t('duplicates.found')} <MomentText at={foundAt} />
        </Text>
        {state !== 'open' ? (
          <>
            <Badge variant="light" tt="none" color={state === 'same-person' ? 'ochre' : 'moss'}>
              {t(`duplicates.verdicts.${state}`)}
            </Badge>
            {note !== '' && (
              <Text size="sm" maw={280}>
                <bdi>{note}</bdi>
              </Text>
            )}
          </>
        ) : (
          mayDecide && (
            <div className={classes.deeds}>
              <Button size="xs" variant="default" onClick={() => void decide('different-people')}>
                {t('duplicates.different')}
              </Button>
              <Button size="xs" onClick={() => void decide('same-person')}>
                {t('duplicates.same')}
              </Button>
            </div>
          )
        )}
      </Stack>
    </>
  )
}

function Person({ person }: { person: DuplicatePerson }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { registrantId, name, registryNumber, birthdate, area, removed } = person
  return (
    <div className={classes.side}>
      <Anchor component={Link} to={`/registrants/${registrantId}`} fw={600}>
        <bdi>{name || t('items.gone')}</bdi>
      </Anchor>
      <Text size="sm" c="dimmed">
        {[registryNumber, birthdate && t('duplicates.born', { day: format.day(birthdate) }), area]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {removed && (
        <Text size="sm" c="brick">
          {t('duplicates.removed')}
        </Text>
      )}
    </div>
  )
}

type Verdict = 'same-person' | 'different-people'

function VerdictDialog({
  duplicate,
  verdict,
  onClose,
}: {
  duplicate: DuplicateView
  verdict: Verdict
  onClose: (decided?: boolean) => void
}) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const [note, setNote] = useState('')
  const same = verdict === 'same-person'
  return (
    <DeedDialog
      title={t(same ? 'duplicates.sameTitle' : 'duplicates.differentTitle')}
      confirmLabel={t(same ? 'duplicates.same' : 'duplicates.different')}
      pin="none"
      run={async () => {
        await api.tokenisation.decideDuplicate.run({ id: duplicate.id, verdict, note: note.trim() })
        notifyDone(t('decided'))
        onClose(true)
      }}
      onClose={() => onClose()}
    >
      <Text size="sm">
        {t(same ? 'duplicates.sameMeaning' : 'duplicates.differentMeaning', {
          names: format.list(duplicate.people.map(({ name }) => name)),
        })}
      </Text>
      <Textarea
        label={t('consent.note')}
        value={note}
        maxLength={500}
        autosize
        minRows={2}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </DeedDialog>
  )
}
