import { fail } from '../../../shared/contract/result.ts'
import { newId, registrantId } from '../../../shared/model/ids.ts'
import type { Registrant, RegistrantView } from '../../../shared/model/registrant.ts'
import {
  checkFacts,
  composeName,
  factFields,
  isDay,
  type Problem,
  problem,
  type RegistrantFacts,
} from '../../../shared/rules/registrant-entry.ts'
import { today } from '../clock/today.ts'
import { isErased } from '../keeping/erase-registrant.ts'
import type { Store, Transaction } from '../store/store.ts'
import { putRegistrant } from './contact-keys.ts'
import { refuseHalfImported } from './half-imported.ts'
import { identityNumbersOf } from './identity-commands.ts'
import { toRegistrantView } from './registrant-view.ts'

/** What a form gets back: the record as it now stands, or what is wrong field by field. */
export type SaveOutcome =
  | { readonly outcome: 'saved'; readonly view: RegistrantView }
  | { readonly outcome: 'problems'; readonly problems: readonly Problem[] }
  /** Somebody changed the same fields since the form was opened; nothing was saved. */
  | {
      readonly outcome: 'conflict'
      readonly code: 'store.changed-meanwhile'
      readonly fields: readonly string[]
      readonly theirs: RegistrantView
    }

const saved = (transaction: Transaction, registrant: Registrant): SaveOutcome => ({
  outcome: 'saved',
  view: toRegistrantView(registrant, identityNumbersOf(transaction, registrant.id)),
})

function numberProblems(transaction: Transaction, registryNumber: string | undefined, ownId: string): Problem[] {
  if (registryNumber === undefined || registryNumber === '') return []
  const other = transaction
    .sql('SELECT id FROM registrant WHERE registry_number = ? AND id <> ?')
    .pluck()
    .get(registryNumber, ownId)
  return other === undefined ? [] : [problem('registryNumber', 'registry.number-taken')]
}

/**
 * Enters a new person or group. With a registry number its id is derived, so that offices agree on it.
 *
 * @param input `anew`: the number is that of somebody who was erased, and the officer knows
 */
export function createRegistrant(
  store: Store,
  officerId: string,
  input: { readonly kind: Registrant['kind']; readonly facts: RegistrantFacts; readonly anew?: boolean | undefined },
): SaveOutcome {
  const composed = { ...input.facts, name: composeName(input.facts) }
  const { facts, problems } = checkFacts(composed, today())
  return store.transaction(officerId, (transaction) => {
    const { registryNumber } = facts
    let id = registryNumber === '' ? newId() : registrantId(registryNumber)
    const there = transaction.find('registrant', id)
    // Whoever was erased keeps the id, too, so that nothing that was paid under it is paid again; an officer says that it is meant.
    const comesBack = there !== undefined && isErased(there) && there.kind === input.kind
    // A registrant that once had this number and got another keeps the id that was derived from it.
    if (there !== undefined && !comesBack) id = newId()
    const all = [...problems, ...numberProblems(transaction, registryNumber, id)]
    if (comesBack && input.anew !== true) all.push(problem('registryNumber', 'keeping.number-of-erased'))
    if (all.length > 0) return { outcome: 'problems', problems: all }
    const registrant = putRegistrant(transaction, {
      ...facts,
      id,
      kind: input.kind,
      removed: false,
      deceasedOn: null,
      phoneNumbers: [],
      emails: [],
      bankAccounts: [],
      importId: '',
    })
    transaction.audit({
      action: 'registrant.created',
      subjectKind: 'registrant',
      subjectId: id,
      detail: { kind: input.kind },
    })
    return saved(transaction, registrant)
  })
}

/** Fields that changed since a moment, by the record's history. */
function fieldsChangedSince(transaction: Transaction, id: string, base: string): Set<string> {
  const changes = transaction
    .sql("SELECT changes FROM revision WHERE kind = 'registrant' AND record_id = ? AND moment > ?")
    .pluck()
    .all(id, base) as string[]
  return new Set(changes.flatMap((text) => Object.keys(JSON.parse(text))))
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right)

/**
 * Changes facts. `base` is the `changedAt` of the version that was edited: what others changed in other fields since
 * stays, the same field changed by both is a conflict for the officer to solve.
 *
 * @throws OfficeError `store.not-found`, `registry.is-removed`, `registry.being-imported`
 */
export function editRegistrant(
  store: Store,
  officerId: string,
  input: { readonly id: string; readonly base: string; readonly facts: Partial<RegistrantFacts> },
): SaveOutcome {
  const { facts, problems } = checkFacts(input.facts, today())
  return store.transaction(officerId, (transaction) => {
    const current = getEditable(transaction, input.id)
    const all = [...problems, ...numberProblems(transaction, facts.registryNumber, input.id)]
    if (all.length > 0) return { outcome: 'problems', problems: all }
    const wanted = factFields.filter((field) => facts[field] !== undefined && !same(facts[field], current[field]))
    if (wanted.length === 0) return saved(transaction, current)
    if (current.changedAt !== input.base) {
      const theirs = fieldsChangedSince(transaction, input.id, input.base)
      const fields = wanted.filter((field) => theirs.has(field))
      if (fields.length > 0) {
        const view = toRegistrantView(current, identityNumbersOf(transaction, input.id))
        return { outcome: 'conflict', code: 'store.changed-meanwhile', fields, theirs: view }
      }
    }
    const patch = Object.fromEntries(wanted.map((field) => [field, facts[field]]))
    const { changedAt, changedBy, ...before } = current
    const registrant = putRegistrant(transaction, { ...before, ...patch })
    transaction.audit({
      action: 'registrant.edited',
      subjectKind: 'registrant',
      subjectId: input.id,
      detail: { fields: wanted },
    })
    return saved(transaction, registrant)
  })
}

/** @throws OfficeError `store.not-found`, `registry.is-removed`, `registry.being-imported` */
export function getEditable(transaction: Transaction, id: string): Registrant {
  const registrant = transaction.get('registrant', id)
  if (registrant.removed) fail('registry.is-removed')
  refuseHalfImported((text) => transaction.sql(text), registrant)
  return registrant
}

/** Takes a registrant off the registry, or brings it back. Idempotent. Nothing else of it is touched. */
export function setRemoved(store: Store, officerId: string, id: string, removed: boolean): RegistrantView {
  return store.transaction(officerId, (transaction) => {
    const current = transaction.get('registrant', id)
    refuseHalfImported((text) => transaction.sql(text), current)
    if (!removed && isErased(current)) fail('keeping.is-erased')
    if (current.removed === removed) return toRegistrantView(current, identityNumbersOf(transaction, id))
    if (!removed && numberProblems(transaction, current.registryNumber, id).length > 0) fail('registry.number-taken')
    const { changedAt, changedBy, ...before } = current
    const registrant = putRegistrant(transaction, { ...before, removed })
    transaction.audit({
      action: removed ? 'registrant.removed' : 'registrant.restored',
      subjectKind: 'registrant',
      subjectId: id,
    })
    return toRegistrantView(registrant, identityNumbersOf(transaction, id))
  })
}

/** Records the day on which a person died; null takes a mistaken record back. */
export function setDeceased(store: Store, officerId: string, id: string, day: string | null): SaveOutcome {
  return store.transaction(officerId, (transaction) => {
    const current = getEditable(transaction, id)
    if (current.kind === 'group') fail('registry.group-has-no-death')
    if (day !== null) {
      if (!isDay(day)) return { outcome: 'problems', problems: [problem('deceasedOn', 'registry.bad-day')] }
      if (day > today()) return { outcome: 'problems', problems: [problem('deceasedOn', 'registry.day-in-future')] }
      if (current.birthdate !== null && day < current.birthdate) {
        return { outcome: 'problems', problems: [problem('deceasedOn', 'registry.died-before-birth')] }
      }
    }
    if (current.deceasedOn === day) return saved(transaction, current)
    const { changedAt, changedBy, ...before } = current
    const registrant = putRegistrant(transaction, { ...before, deceasedOn: day })
    transaction.audit({
      action: day === null ? 'registrant.death-withdrawn' : 'registrant.died',
      subjectKind: 'registrant',
      subjectId: id,
    })
    return saved(transaction, registrant)
  })
}
