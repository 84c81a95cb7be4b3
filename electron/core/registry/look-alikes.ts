import type { Registrant } from '../../../shared/model/registrant.ts'
import { sortName } from '../store/collections.ts'
import type { ReadContext } from '../store/read-query.ts'
import { contactKeysOf } from './contact-keys.ts'
import { wordsOf } from './registrant-search.ts'

/** Somebody who may be the same person, and why. */
export interface LookAlike {
  readonly id: string
  readonly kind: Registrant['kind']
  readonly name: string
  readonly registryNumber: string
  readonly birthdate: string | null
  readonly area: string
  readonly reasons: readonly (
    | 'same-phone'
    | 'same-email'
    | 'same-account'
    | 'same-identity'
    | 'similar-name'
    | 'same-birthdate'
  )[]
}

/** Names at least this alike are worth a look; 1 is equal. */
const ALIKE = 0.86

/** Share of letters that two words have in common in order (1 − edit distance ÷ longer length). */
function wordLikeness(left: string, right: string): number {
  if (left === right) return 1
  const [a, b] = [[...left], [...right]]
  const longest = Math.max(a.length, b.length)
  if (longest === 0 || Math.abs(a.length - b.length) > 3) return 0
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of a.entries()) {
    const next = [i + 1]
    for (const [j, other] of b.entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return 1 - (row[b.length] ?? 0) / longest
}

/** How alike two names are, whatever the order of their words: 0 to 1. */
export function nameLikeness(left: string, right: string): number {
  const [a, b] = [wordsOf(left), wordsOf(right)]
  if (a.length === 0 || b.length === 0) return 0
  const [few, many] = a.length <= b.length ? [a, b] : [b, a]
  const free = [...many]
  let sum = 0
  for (const word of few) {
    let best = 0
    let at = 0
    for (const [index, other] of free.entries()) {
      const likeness = wordLikeness(word, other)
      if (likeness > best) {
        best = likeness
        at = index
      }
    }
    free.splice(at, 1)
    sum += best
  }
  return sum / few.length - (many.length - few.length) * 0.08
}

/** Names less alike than this are of two people, whatever else agrees. */
const UNLIKE = 0.5

/** Whether two names can hardly be of one person. */
export const areUnlike = (left: string, right: string): boolean => nameLikeness(left, right) < UNLIKE

interface Candidate {
  readonly row: number
  readonly id: string
  readonly kind: Registrant['kind']
  readonly name: string
  readonly registryNumber: string
  readonly birthdate: string | null
  readonly area: string
}

const FACTS = `rowid AS row, id, kind, name, registry_number AS registryNumber, birthdate, area`
const MOST = 12

/** What is known of the person for whom look-alikes are sought. */
export interface Sought {
  readonly id: string
  readonly kind: Registrant['kind']
  readonly name: string
  readonly birthdate: string | null
  readonly contacts: Pick<Registrant, 'phoneNumbers' | 'emails' | 'bankAccounts'>
  readonly identities: readonly { readonly type: string; readonly value: string }[]
}

/** Registrants who share a contact, an account or an identity number with somebody, or have a similar name. */
export function findLookAlikes(context: ReadContext, sought: Sought): LookAlike[] {
  const found = new Map<string, { candidate: Candidate; reasons: Set<LookAlike['reasons'][number]> }>()
  const add = (candidate: Candidate, reason: LookAlike['reasons'][number]): void => {
    if (candidate.id === sought.id) return
    const entry = found.get(candidate.id) ?? { candidate, reasons: new Set() }
    entry.reasons.add(reason)
    found.set(candidate.id, entry)
  }
  const byKey = context.sql(
    `SELECT ${FACTS} FROM registrant WHERE removed = 0 AND id IN
       (SELECT registrant_id FROM contact_key WHERE kind = ? AND value = ? LIMIT 20)`,
  )
  for (const { kind, value } of contactKeysOf({ removed: false, ...sought.contacts })) {
    const reason = kind === 'phone' ? 'same-phone' : kind === 'email' ? 'same-email' : 'same-account'
    for (const candidate of byKey.all(kind, value) as Candidate[]) add(candidate, reason)
  }
  const byIdentity = context.sql(
    `SELECT ${FACTS} FROM registrant WHERE removed = 0 AND id IN
       (SELECT registrant_id FROM identity_number WHERE type = ? AND value = ? AND removed = 0 LIMIT 20)`,
  )
  for (const { type, value } of sought.identities) {
    for (const candidate of byIdentity.all(type, value) as Candidate[]) add(candidate, 'same-identity')
  }
  for (const candidate of namedAlike(context, sought)) {
    if (candidate.kind !== sought.kind || nameLikeness(sought.name, candidate.name) < ALIKE) continue
    const knownDays = sought.birthdate !== null && candidate.birthdate !== null
    // Many people share a name; with two known birthdays that differ they are two people.
    if (knownDays && sought.birthdate !== candidate.birthdate) continue
    add(candidate, 'similar-name')
    if (knownDays) add(candidate, 'same-birthdate')
  }
  return [...found.values()]
    .sort((a, b) => b.reasons.size - a.reasons.size)
    .slice(0, MOST)
    .map(({ candidate: { row, ...candidate }, reasons }) => ({ ...candidate, reasons: [...reasons] }))
}

/** A bounded number of registrants whose names begin alike. */
function namedAlike(context: ReadContext, sought: Sought): Candidate[] {
  const words = wordsOf(sought.name)
  if (words.length === 0) return []
  const same = context
    .sql(
      `SELECT ${FACTS} FROM registrant INDEXED BY registrant_kind_list
       WHERE removed = 0 AND kind = ? AND sort_name = ? LIMIT 100`,
    )
    .all(sought.kind, sortName(sought.name)) as Candidate[]
  const beginnings = words
    .map((word) => [...word].slice(0, 3).join(''))
    .filter((beginning) => [...beginning].length > 1)
    .slice(0, 4)
  if (beginnings.length < 2) return same
  const rows = context
    .sql('SELECT rowid FROM registrant_search WHERE registrant_search MATCH ? LIMIT 300')
    .pluck()
    .all(beginnings.map((beginning) => `"${beginning}"*`).join(' AND ')) as number[]
  const similar = context
    .sql(`SELECT ${FACTS} FROM registrant WHERE rowid IN (SELECT value FROM json_each(?)) AND removed = 0`)
    .all(JSON.stringify(rows)) as Candidate[]
  return [...same, ...similar]
}
