import { fail } from '../../../shared/contract/result.ts'
import { membershipId } from '../../../shared/model/ids.ts'
import type { Membership, MembershipKind } from '../../../shared/model/registrant.ts'
import { isDay, type Problem, problem } from '../../../shared/rules/registrant-entry.ts'
import type { Store, Transaction } from '../store/store.ts'
import { refuseHalfImported } from './half-imported.ts'
import { getEditable } from './registrant-commands.ts'

export interface MembershipEntry {
  readonly groupId: string
  readonly individualId: string
  readonly kinds: readonly MembershipKind[]
  readonly startDate: string
  readonly endedDate: string | null
}

/** Kinds that only one current member of a group can have. */
const SINGLE: readonly MembershipKind[] = ['head', 'principal_recipient']

export function membershipsOfGroup(transaction: Pick<Transaction, 'sql'>, groupId: string): Membership[] {
  const bodies = transaction
    .sql('SELECT body FROM membership WHERE group_id = ? AND removed = 0')
    .pluck()
    .all(groupId) as string[]
  return bodies.map((body) => JSON.parse(body) as Membership)
}

const overlap = (
  a: Pick<Membership, 'startDate' | 'endedDate'>,
  b: Pick<Membership, 'startDate' | 'endedDate'>,
): boolean => (a.endedDate === null || a.endedDate > b.startDate) && (b.endedDate === null || b.endedDate > a.startDate)

/** What is wrong with a membership beside the others of its group. */
export function membershipProblems(entry: MembershipEntry, others: readonly Membership[]): Problem[] {
  const problems: Problem[] = []
  if (!isDay(entry.startDate)) problems.push(problem('startDate', 'registry.bad-day'))
  if (entry.endedDate !== null && !isDay(entry.endedDate)) problems.push(problem('endedDate', 'registry.bad-day'))
  if (problems.length > 0) return problems
  if (entry.endedDate !== null && entry.endedDate < entry.startDate) {
    problems.push(problem('endedDate', 'registry.ended-before-start'))
  }
  const concurrent = others.filter((other) => overlap(entry, other))
  if (concurrent.some(({ individualId }) => individualId === entry.individualId)) {
    problems.push(problem('individualId', 'registry.already-a-member'))
  }
  if (concurrent.some(({ kinds }) => kinds.some((kind) => SINGLE.includes(kind) && entry.kinds.includes(kind)))) {
    problems.push(problem('kinds', 'registry.other-head'))
  }
  return problems
}

/**
 * Adds a person to a group from a day, or changes the membership with `id`. Its id is derived from group, person and
 * first day; another first day is another membership.
 */
export function setMembership(
  store: Store,
  officerId: string,
  input: MembershipEntry & { readonly id?: string | undefined },
): { readonly problems: readonly Problem[]; readonly id: string } {
  return store.transaction(officerId, (transaction) => {
    if (getEditable(transaction, input.groupId).kind !== 'group') fail('registry.not-a-group')
    if (getEditable(transaction, input.individualId).kind !== 'individual') fail('registry.not-an-individual')
    const before = input.id === undefined ? undefined : transaction.get('membership', input.id)
    if (before !== undefined) {
      refuseHalfImported((text) => transaction.sql(text), before)
      if (before.groupId !== input.groupId || before.individualId !== input.individualId) {
        fail('store.not-found', { kind: 'membership' })
      }
    }
    const others = membershipsOfGroup(transaction, input.groupId).filter(({ id }) => id !== input.id)
    const problems = membershipProblems(input, others)
    if (problems.length > 0) return { problems, id: input.id ?? '' }
    const id = membershipId(input.groupId, input.individualId, input.startDate)
    if (before !== undefined && before.id !== id) {
      const { changedAt, changedBy, ...old } = before
      transaction.put('membership', { ...old, removed: true })
    }
    transaction.put('membership', {
      id,
      removed: false,
      groupId: input.groupId,
      individualId: input.individualId,
      kinds: [...input.kinds],
      startDate: input.startDate,
      endedDate: input.endedDate,
      importId: before?.id === id ? before.importId : '',
    })
    for (const [subjectId, other] of [
      [input.groupId, input.individualId],
      [input.individualId, input.groupId],
    ] as const) {
      transaction.audit({
        action: before === undefined ? 'membership.added' : 'membership.changed',
        subjectKind: 'registrant',
        subjectId,
        detail: { membership: id, other, kinds: input.kinds, ended: input.endedDate !== null },
      })
    }
    return { problems: [], id }
  })
}

/** Takes a membership away that was entered by mistake, or brings it back. One that was true is ended instead. */
export function setMembershipRemoved(store: Store, officerId: string, id: string, removed: boolean): void {
  store.transaction(officerId, (transaction) => {
    const { changedAt, changedBy, ...before } = transaction.get('membership', id)
    refuseHalfImported((text) => transaction.sql(text), before)
    if (before.removed === removed) return
    if (!removed) {
      const [found] = membershipProblems(before, membershipsOfGroup(transaction, before.groupId))
      if (found !== undefined) fail(found.code, found.params)
    }
    transaction.put('membership', { ...before, removed })
    transaction.audit({
      action: removed ? 'membership.removed' : 'membership.restored',
      subjectKind: 'registrant',
      subjectId: before.groupId,
      detail: { membership: id, other: before.individualId },
    })
  })
}
