import { identityNumberId, newId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { type Problem, problem } from '../../../../shared/rules/registrant-entry.ts'
import { today } from '../../clock/today.ts'
import { isErased } from '../../keeping/erase-registrant.ts'
import type { Draft, Transaction } from '../../store/store.ts'
import { type CheckedContact, withContact } from '../contact-commands.ts'
import { addContactKeys, putRegistrant } from '../contact-keys.ts'
import { isIdentityTaken, tokenisedBefore } from '../identity-commands.ts'
import { membershipProblems, membershipsOfGroup } from '../membership-commands.ts'
import { keepBefore } from './import-before.ts'
import type { RowUpdate, RowWork } from './import-types.ts'
import { type ConsentSource, takeConsent } from './row-consent.ts'

const THERE = 'SELECT 1 FROM registrant WHERE id = ? AND removed = 0'
const EXISTS = {
  registrant: 'SELECT 1 FROM registrant WHERE id = ?',
  membership: 'SELECT 1 FROM membership WHERE id = ?',
} as const
const NUMBER = 'SELECT 1 FROM registrant WHERE registry_number = ?'

/** Whether the registry changed under a row between its check and now. */
function changedMeanwhile(transaction: Transaction, work: RowWork): boolean {
  for (const [index, insert] of work.inserts.entries()) {
    // The first insert tells by itself, and a new person's identity number is new.
    const mayBeThere = index > 0 && insert.kind !== 'identityNumber'
    if (mayBeThere && transaction.sql(EXISTS[insert.kind]).pluck().get(insert.prepared.id) !== undefined) return true
    if (insert.kind === 'registrant' && insert.number !== '') {
      if (transaction.sql(NUMBER).pluck().get(insert.number) !== undefined) return true
    }
    if (insert.kind === 'identityNumber' && isIdentityTaken(transaction, insert.identity, insert.identity.registrantId))
      return true
  }
  for (const update of work.updates) {
    if (update.kind !== 'registrant') continue
    const current = transaction.find('registrant', update.id)
    if (current === undefined || (current.removed && !update.revive)) return true
    const { identity } = update
    if (identity !== undefined && isIdentityTaken(transaction, identity, update.id)) return true
  }
  return false
}

/** What is wrong with the memberships of a row beside the people and memberships that are there by now. */
function membershipsMeanwhile(transaction: Transaction, { inserts, updates }: RowWork): Problem | undefined {
  // Whoever comes back after having been removed comes without the memberships of before.
  if (updates.some((update) => update.kind === 'registrant' && update.revive)) return undefined
  const own = inserts.flatMap((insert) => (insert.kind === 'registrant' ? [insert.prepared.id] : []))
  const entries = [
    ...inserts.flatMap((insert) => (insert.kind === 'membership' ? [insert.entry] : [])),
    ...updates.flatMap((update) => (update.kind === 'membership' ? [update.draft] : [])),
  ]
  for (const entry of entries) {
    const missing = [entry.groupId, entry.individualId].some(
      (id) => !own.includes(id) && transaction.sql(THERE).pluck().get(id) === undefined,
    )
    if (missing) return problem('', 'registry.row-changed-meanwhile')
    const others = membershipsOfGroup(transaction, entry.groupId).filter(({ id }) => id !== entry.id)
    const [found] = membershipProblems(entry, others)
    if (found !== undefined) return found
  }
  return undefined
}

const holds = (registrant: Registrant, contact: CheckedContact): string | undefined => {
  switch (contact.kind) {
    case 'phone':
      return registrant.phoneNumbers.find(({ number }) => number === contact.number)?.id
    case 'email':
      return registrant.emails.find(({ address }) => address === contact.address)?.id
    case 'account':
      return registrant.bankAccounts.find(
        ({ accountNumber, iban, bic }) =>
          accountNumber === contact.accountNumber && iban === contact.iban && bic === contact.bic,
      )?.id
  }
}

/** The first contact of each kind in the row becomes the preferred one: the officer chose to believe the file. */
function withContacts(registrant: Registrant, contacts: readonly CheckedContact[]): Registrant {
  const seen = new Set<string>()
  let result = registrant
  for (const contact of contacts) {
    const id = holds(result, contact) ?? newId()
    result = { ...result, ...withContact(result, id, contact, !seen.has(contact.kind)) }
    seen.add(contact.kind)
  }
  return result
}

/** @returns whether anything changed */
function updateRegistrant(
  transaction: Transaction,
  importId: string,
  update: RowUpdate & { kind: 'registrant' },
): boolean {
  const current = transaction.get('registrant', update.id)
  const { changedAt, changedBy, ...next } = withContacts(
    {
      ...current,
      // Of somebody who was erased no day is left.
      ...(isErased(current) ? { registrationDate: today() } : {}),
      ...update.facts,
      removed: false,
      ...(update.revive ? { importId } : {}),
    },
    update.contacts,
  )
  const { changedAt: _at, changedBy: _by, ...old } = current
  let changed = false
  if (JSON.stringify(next) !== JSON.stringify(old)) {
    keepBefore(transaction, importId, 'registrant', update.id, current)
    putRegistrant(transaction, next)
    changed = true
  }
  if (update.identity === undefined) return changed
  const id = identityNumberId(update.id, update.identity.type)
  const before = transaction.find('identityNumber', id)
  const draft: Draft<'identityNumber'> = {
    id,
    removed: false,
    registrantId: update.id,
    ...update.identity,
    importId: before === undefined || before.removed ? importId : before.importId,
    ...tokenisedBefore(before),
  }
  const same =
    before !== undefined && Object.entries(draft).every(([key, value]) => before[key as keyof typeof before] === value)
  if (same) return changed
  keepBefore(transaction, importId, 'identityNumber', id, before)
  transaction.put('identityNumber', draft)
  return true
}

/**
 * Puts one row into the registry, as a whole. A row whose registrants came or went since it was read is left out.
 *
 * @returns the reason why it was left out, if it was
 */
export function applyRow(transaction: Transaction, from: ConsentSource, work: RowWork): Problem | undefined {
  const { importId } = from
  if (changedMeanwhile(transaction, work)) return problem('', 'registry.row-changed-meanwhile')
  const notAMember = membershipsMeanwhile(transaction, work)
  if (notAMember !== undefined) return notAMember
  for (const [index, insert] of work.inserts.entries()) {
    const isNew = transaction.insert(insert.kind, insert.prepared as never)
    if (!isNew && index === 0) return problem('', 'registry.row-changed-meanwhile')
    if (insert.kind !== 'registrant') continue
    const { prepared, keys, consent } = insert
    addContactKeys(transaction, prepared.id, keys)
    if (consent !== undefined) takeConsent(transaction, from, prepared.id, consent, work.row)
  }
  for (const update of work.updates) {
    if (update.kind === 'registrant') {
      updateRegistrant(transaction, importId, update)
      if (update.consent !== undefined) takeConsent(transaction, from, update.id, update.consent, work.row)
    } else if (update.kind === 'membership') {
      keepBefore(transaction, importId, 'membership', update.draft.id, transaction.find('membership', update.draft.id))
      transaction.put('membership', update.draft)
    } else {
      const before = transaction.find('identityNumber', update.draft.id)
      keepBefore(transaction, importId, 'identityNumber', update.draft.id, before)
      transaction.put('identityNumber', { ...update.draft, ...tokenisedBefore(before) })
    }
  }
  return undefined
}
