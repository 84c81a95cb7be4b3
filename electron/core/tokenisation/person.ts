import { createHash, createHmac, type KeyObject } from 'node:crypto'
import type { IdentityNumber, Registrant } from '../../../shared/model/registrant.ts'
import type { Connector, ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import {
  type AuthData,
  authDataOf,
  type LocalCheck,
  type LocalFinding,
  localCheckOf,
} from '../../../shared/rules/tokenisation/demographics.ts'
import { findMapping, type MtsMapping } from '../../../shared/rules/tokenisation/mapping.ts'
import { findOpenImport } from '../registry/half-imported.ts'
import { standingNumbersOf } from '../registry/identity-commands.ts'
import type { Statement } from '../store/database.ts'
import { whoConsents } from './consents.ts'

type Sql = { sql(text: string): Statement }

/** A person as a connector finds them now. */
export interface Person {
  readonly registrant: Registrant
  readonly vids: readonly IdentityNumber[]
  readonly token: IdentityNumber | undefined
  /** Whether a consent holds. */
  readonly consents: boolean
  /** What the record is now; when it is another, the person may be sent again. */
  readonly basis: string
}

/** What of a connector's settings decides what is sent of a person. */
export const settingsDigest = ({ mapping, fields, vidType, mtsUrl, language }: ConnectorSettings): string =>
  createHash('sha256')
    .update(JSON.stringify([mapping, fields, vidType, mtsUrl, language]))
    .digest('base64url')
    .slice(0, 16)

/** Undefined where there is no such registrant. */
export const findPerson = (from: Sql, connector: ConnectorSettings, registrantId: string): Person | undefined =>
  peopleOf(from, connector, [registrantId]).get(registrantId)

/** The people of these ids, by id; a few statements for all of them. Who is no registrant is not among them. */
export function peopleOf(
  from: Sql,
  connector: ConnectorSettings,
  registrantIds: readonly string[],
): Map<string, Person> {
  const { vidType, tokenType } = connector
  const digest = settingsDigest(connector)
  const bodies = from
    .sql('SELECT r.body FROM json_each(?) p CROSS JOIN registrant r ON r.id = p.value')
    .pluck()
    .all(JSON.stringify(registrantIds)) as string[]
  const numbersOf = standingNumbersOf(from, registrantIds)
  const consenting = whoConsents(from, registrantIds)
  const people = bodies.map((body): [string, Person] => {
    const registrant = JSON.parse(body) as Registrant
    const { id, changedAt } = registrant
    const numbers = numbersOf.get(id) ?? []
    const vids = numbers.filter(({ type }) => type === vidType)
    const token = numbers.find(({ type }) => type === tokenType)
    const basis = `${changedAt}|${vids[0]?.changedAt ?? ''}|${digest}`
    return [id, { registrant, vids, token, consents: consenting.has(id), basis }]
  })
  return new Map(people)
}

/** What is the same for everybody who is looked at in one go: the import under way, whose records belong to nobody yet. */
export interface Surroundings {
  readonly openImport: string | undefined
}

export const surroundingsOf = (from: Sql): Surroundings => ({ openImport: findOpenImport((text) => from.sql(text)) })

/** Why somebody may not be sent at all, whatever the record says; undefined where nothing stands against it. */
export function findStandingFault(
  { registrant, vids, token, consents }: Person,
  { openImport }: Surroundings,
): LocalFinding | undefined {
  const { removed, kind, deceasedOn, importId } = registrant
  const reason = (name: LocalFinding['reason']): LocalFinding => ({ reason: name, params: {} })
  if (removed) return reason('removed')
  if (kind !== 'individual') return reason('is-group')
  if (deceasedOn !== null) return reason('deceased')
  if (openImport !== undefined && (importId === openImport || vids.some((vid) => vid.importId === openImport))) {
    return reason('half-imported')
  }
  if (token !== undefined) return reason('has-token')
  if (vids.length === 0) return reason('no-vid')
  return consents ? undefined : reason('no-consent')
}

/** What is sent of a person, or why nothing is. */
export function sendableOf(
  person: Person,
  connector: Pick<Connector, 'fields' | 'mapping'>,
  ref: string,
): { readonly sent: AuthData; readonly vid: string; readonly fault: LocalFinding | undefined } {
  const vid = person.vids[0]?.value ?? ''
  const sent = authDataOf(person.registrant, connector.fields, vid, ref)
  return { sent, vid, fault: checkOf(connector)(sent) }
}

/** A mapping's check serves everybody in a run. */
let lastCheck: { readonly mapping: string; readonly check: LocalCheck } | undefined

function checkOf(connector: Pick<Connector, 'mapping'>): LocalCheck {
  if (lastCheck?.mapping !== connector.mapping) {
    lastCheck = { mapping: connector.mapping, check: localCheckOf(mappingOf(connector)) }
  }
  return lastCheck.check
}

/** Settings were checked when they were kept, so the mapping can be read. */
export function mappingOf({ mapping }: Pick<Connector, 'mapping'>): MtsMapping {
  const found = findMapping(mapping)
  if (found === undefined) throw new Error('a mapping that was checked is none')
  return found
}

/** What is remembered of a VID that was sent: enough to know it again, and nothing to read it from. */
export const vidHash = (key: KeyObject, vid: string): Buffer =>
  createHmac('sha256', key).update(`vid\u001f${vid}`).digest()
