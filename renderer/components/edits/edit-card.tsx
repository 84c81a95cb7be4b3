import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isDraftName, type ReplicaName } from '../../../shared/model/replica.ts'
import { faultSentence } from '../../i18n/fault-sentence.ts'
import { type Draft, dismissRefusal, draftKey } from '../../replica/drafts.ts'
import { useDraft, useReplicaDocument } from '../../replica/hooks.ts'
import { FactList } from '../fact-list.tsx'
import { notifyFault } from '../notify.tsx'

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined || value === '' ? '—' : String(value)

/** Whose record a document belongs to. */
function useOwner(collection: ReplicaName, id: string): string | undefined {
  const membership = useReplicaDocument('memberships', collection === 'memberships' ? id : undefined)
  const enrolment = useReplicaDocument('enrolments', collection === 'enrolments' ? id : undefined)
  if (collection === 'registrants') return id
  return membership.document?.individualId ?? enrolment.document?.registrantId
}

interface EditCardProps {
  draft: Draft
  /** Leads to the record. */
  onFollow: () => void
  children?: ReactNode
}

/** One edit: whose record it is, and what was written into which field. */
export function EditCard({ draft, onFollow, children }: EditCardProps) {
  const { t } = useTranslation()
  const owner = useOwner(draft.collection, draft.id)
  const { document: person } = useReplicaDocument('registrants', owner)
  const { refused } = draft
  const word = (field: string): string => t(`registrants:fields.${field}`, { defaultValue: t(`edits.fields.${field}`) })
  const facts = refused
    ? refused.fields.map((field) => ({
        name: word(field),
        value: (
          <>
            <div>{t('edits.mine', { value: shown(refused.mine[field]) })}</div>
            <div>{t('edits.theirs', { value: shown(refused.theirs[field]) })}</div>
          </>
        ),
      }))
    : Object.entries(draft.changes).map(([field, value]) => ({ name: word(field), value: <bdi>{shown(value)}</bdi> }))
  return (
    <Stack gap={6} className="office-sheet" p="md" data-edit={draft.state}>
      <Group justify="space-between" gap="sm">
        {owner === undefined ? (
          <Text fw={600}>{t('edits.record')}</Text>
        ) : (
          <Anchor component={Link} to={`/registrants/${owner}`} onClick={onFollow} fw={600}>
            <bdi>{person?.name ?? t('edits.record')}</bdi>
          </Anchor>
        )}
      </Group>
      {refused && <Text size="sm">{faultSentence(t, refused.fault)}</Text>}
      <FactList facts={facts} />
      {children}
    </Stack>
  )
}

/** A refused edit with its one action: write it again over what the store has now, or let it go. */
export function RefusedEdit({ draft, onFollow }: { draft: Draft; onFollow: () => void }) {
  const { t } = useTranslation()
  const { collection, id } = draft
  const letGo = (): void => dismissRefusal(draftKey(collection, id))
  return (
    <EditCard draft={draft} onFollow={onFollow}>
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={letGo}>
          {t('edits.letGo')}
        </Button>
        {isDraftName(collection) && <TryAgain collection={collection} id={id} />}
      </Group>
    </EditCard>
  )
}

function TryAgain({ collection, id }: { collection: Parameters<typeof useDraft>[0]; id: string }) {
  const { t } = useTranslation()
  const { tryAgain, state } = useDraft(collection, id)
  return (
    <Button size="xs" disabled={state !== 'live'} onClick={() => void tryAgain().catch(notifyFault)}>
      {t('edits.tryAgain')}
    </Button>
  )
}
