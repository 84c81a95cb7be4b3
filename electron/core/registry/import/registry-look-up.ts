import type { Membership, Registrant } from '../../../../shared/model/registrant.ts'
import type { Consent } from '../../../../shared/model/tokenisation.ts'
import { sortName } from '../../store/collections.ts'
import type { Database, Statement } from '../../store/database.ts'
import { findConsent } from '../../tokenisation/consents.ts'
import type { ContactKey } from '../contact-keys.ts'
import type { IdentityEntry } from '../identity-commands.ts'

/** A registrant who is on the registry already, as far as an import needs to know. */
export interface Known {
  readonly id: string
  readonly kind: Registrant['kind']
  readonly name: string
  readonly removed: boolean
  /** Nothing is left of them but that they were here. */
  readonly erased: boolean
}

/** What an import asks the registry while it reads a file; on the import thread's own connection. */
export class RegistryLookUp {
  readonly #byNumber: Statement
  readonly #byId: Statement
  readonly #identity: Statement
  readonly #namesake: Statement
  readonly #contact: Statement
  readonly #memberships: Statement
  readonly #membership: Statement
  readonly #consents: { sql(text: string): Statement }

  constructor(database: Database) {
    const facts = 'SELECT id, kind, name, removed, erased_at IS NOT NULL AS erased FROM registrant'
    this.#byNumber = database.prepare(`${facts} WHERE registry_number = ? ORDER BY removed LIMIT 1`)
    this.#byId = database.prepare(`${facts} WHERE id = ?`)
    this.#identity = database
      .prepare('SELECT 1 FROM identity_number WHERE type = ? AND value = ? AND registrant_id <> ? AND removed = 0')
      .pluck()
    this.#namesake = database
      .prepare(
        'SELECT 1 FROM registrant INDEXED BY registrant_list WHERE removed = 0 AND sort_name = ? AND birthdate = ?',
      )
      .pluck()
    this.#contact = database.prepare('SELECT 1 FROM contact_key WHERE kind = ? AND value = ?').pluck()
    this.#memberships = database.prepare('SELECT body FROM membership WHERE group_id = ? AND removed = 0').pluck()
    this.#membership = database.prepare('SELECT 1 FROM membership WHERE id = ?').pluck()
    const prepared = new Map<string, Statement>()
    this.#consents = {
      sql: (text) => {
        const statement = prepared.get(text) ?? database.prepare(text)
        prepared.set(text, statement)
        return statement
      },
    }
  }

  /** By its registry number, else by the id that is derived for it. */
  find(number: string, id: string): Known | undefined {
    const row = (number === '' ? undefined : this.#byNumber.get(number)) ?? this.#byId.get(id)
    if (row === undefined) return undefined
    const known = row as { id: string; kind: Registrant['kind']; name: string; removed: number; erased: number }
    return { ...known, removed: known.removed === 1, erased: known.removed === 1 && known.erased === 1 }
  }

  isIdentityTaken({ type, value }: IdentityEntry, registrantId: string): boolean {
    return this.#identity.get(type, value, registrantId) !== undefined
  }

  hasNamesake(name: string, birthdate: string): boolean {
    return this.#namesake.get(sortName(name), birthdate) !== undefined
  }

  isContactKnown({ kind, value }: ContactKey): boolean {
    return this.#contact.get(kind, value) !== undefined
  }

  membershipsOf(groupId: string): Membership[] {
    return (this.#memberships.all(groupId) as string[]).map((body) => JSON.parse(body) as Membership)
  }

  /** What is written down about a person's consent to a token. */
  consentOf(registrantId: string): Consent | undefined {
    return findConsent(this.#consents, registrantId)
  }

  /** Whether a membership of that id was ever there, a removed one too. */
  hasMembership(id: string): boolean {
    return this.#membership.get(id) !== undefined
  }
}
