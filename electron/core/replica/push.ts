import { catalogue } from '../../../shared/contract/errors.ts'
import type { PushAnswer, PushRow, Refusal, ReplicatedDocument } from '../../../shared/contract/replica.ts'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { Enrolment } from '../../../shared/model/programme.ts'
import type { Membership } from '../../../shared/model/registrant.ts'
import { isReplicaName, type ReplicaName, replicaCollection } from '../../../shared/model/replica.ts'
import { type EnrolmentMove, enrolmentMoves } from '../../../shared/rules/enrolment-life.ts'
import { checkFacts, type Problem, type RegistrantFacts } from '../../../shared/rules/registrant-entry.ts'
import { compareThreeWay, differingFields } from '../../../shared/rules/three-way.ts'
import { today } from '../clock/today.ts'
import type { Office } from '../office.ts'
import { moveEnrolments } from '../programmes/enrolments.ts'
import { setMembership } from '../registry/membership-commands.ts'
import { editRegistrant } from '../registry/registrant-commands.ts'
import { absent, toDocument } from './documents.ts'

type Fields = Readonly<Record<string, unknown>>

/** What became of an edit; `undefined` means that it was taken. */
type Verdict = { readonly fault: Fault; readonly problems?: readonly Problem[] } | undefined

interface Edit {
  readonly id: string
  readonly current: Fields
  readonly assumed: Fields
  /** The edited fields with their new values, cleaned. */
  readonly changes: Fields
}

const refuse = (code: Fault['code'], params: Fault['params'] = {}, problems: readonly Problem[] = []): Verdict => ({
  fault: { code, params },
  problems,
})

const refuseFor = (problems: readonly Problem[]): Verdict => {
  const [first] = problems
  return first === undefined ? undefined : refuse(first.code, first.params, problems)
}

/**
 * Takes edits of drafts from a screen's replica. Nothing can be pushed but the fields that the collection lists as draft
 * fields, by a clerk, into a record that stands as the officer saw it; each edit goes through the same command as from
 * a form. What is not taken is refused with a code, whole: the document goes back to the store's version.
 *
 * @throws OfficeError of the class `broken` (disk full, damaged store): nothing is judged then, and the push is repeated
 */
export async function takePush(
  office: Office,
  officer: Officer,
  collection: string,
  rows: readonly PushRow[],
): Promise<PushAnswer> {
  const masters: ReplicatedDocument[] = []
  const refusals: Refusal[] = []
  for (const row of rows) {
    const id = typeof row.newDocumentState.id === 'string' ? row.newDocumentState.id : ''
    const assumed = row.assumedMasterState ?? {}
    const fields = differingFields(assumed, row.newDocumentState)
    const isDeletion = row.newDocumentState._deleted === true
    const isEdit = fields.length > 0 || isDeletion
    const verdict = !isReplicaName(collection)
      ? refuse('replica.by-command', { field: '' })
      : isEdit
        ? await judge(office, officer, collection, { id, assumed, wanted: row.newDocumentState, fields, isDeletion })
        : // Edited and edited back. The document may have changed otherwise, and a pull leaves alone what was edited.
          undefined
    masters.push(isReplicaName(collection) ? master(office, collection, id) : absent(id))
    if (verdict !== undefined) {
      refusals.push({ collection, id, fault: verdict.fault, fields, problems: verdict.problems ?? [] })
    }
  }
  return { masters, refusals }
}

interface Pushed {
  readonly id: string
  readonly assumed: Fields
  readonly wanted: Fields
  readonly fields: readonly string[]
  readonly isDeletion: boolean
}

async function judge(office: Office, officer: Officer, name: ReplicaName, pushed: Pushed): Promise<Verdict> {
  const { kind, draftFields, schema } = replicaCollection(name)
  const { id, assumed, wanted, fields, isDeletion } = pushed
  const forbidden = fields.find((field) => !draftFields.includes(field))
  if (draftFields.length === 0 || isDeletion || forbidden !== undefined) {
    return refuse('replica.by-command', { field: forbidden ?? '' })
  }
  if (!officer.roles.includes('clerk')) return refuse('api.not-your-role')
  if (office.store.find(kind, id) === undefined) return refuse('store.not-found', { kind })
  const misshapen = fields.find((field) => !schema.shape[field]?.safeParse(wanted[field]).success)
  if (misshapen !== undefined) return refuse('replica.not-a-record', { field: misshapen })

  const edited = Object.fromEntries(fields.map((field) => [field, wanted[field]]))
  const { facts: changes, problems } =
    name === 'registrants'
      ? checkFacts(edited as Partial<RegistrantFacts>, today())
      : { facts: edited, problems: [] as readonly Problem[] }
  if (problems.length > 0) return refuseFor(problems)
  const current: Fields = master(office, name, id)
  const { conflicts } = compareThreeWay(assumed, { ...wanted, ...changes }, current)
  if (conflicts.length > 0) return refuse('store.changed-meanwhile', { field: conflicts.join(', ') })
  try {
    return await carryOut(office, officer.id, name, { id, current, assumed, changes })
  } catch (error) {
    if (error instanceof OfficeError && catalogue[error.fault.code].class !== 'broken') return { fault: error.fault }
    throw error
  }
}

async function carryOut(office: Office, officerId: string, name: ReplicaName, edit: Edit): Promise<Verdict> {
  switch (name) {
    case 'registrants':
      return saveRegistrant(office, officerId, edit)
    case 'memberships':
      return saveMembership(office, officerId, edit)
    case 'enrolments':
      return saveEnrolment(office, officerId, edit)
    default:
      return refuse('replica.by-command', { field: '' })
  }
}

function saveRegistrant(office: Office, officerId: string, { id, current, changes }: Edit): Verdict {
  const facts = changes as Partial<RegistrantFacts>
  const outcome = editRegistrant(office.store, officerId, { id, base: String(current.changedAt), facts })
  if (outcome.outcome === 'problems') return refuseFor(outcome.problems)
  return outcome.outcome === 'conflict' ? refuse(outcome.code, { field: outcome.fields.join(', ') }) : undefined
}

function saveMembership(office: Office, officerId: string, { id, current, changes }: Edit): Verdict {
  const before = current as unknown as Membership
  if (before.removed) return refuse('registry.is-removed')
  const { groupId, individualId, kinds, startDate, endedDate } = before
  const entry = { id, groupId, individualId, kinds, startDate, endedDate, ...changes }
  return refuseFor(setMembership(office.store, officerId, entry).problems)
}

async function saveEnrolment(office: Office, officerId: string, { current, assumed, changes }: Edit): Promise<Verdict> {
  const enrolment = current as unknown as Enrolment
  const from = assumed.state as Enrolment['state']
  const to = (changes.state ?? from) as Enrolment['state']
  // Already as wanted: the answer to the first push was lost on its way.
  if (changes.state === undefined) return refuse('replica.enrolment-needs-move')
  if (enrolment.state === to && enrolment.reason === (changes.reason ?? enrolment.reason)) return undefined
  const move = (Object.keys(enrolmentMoves) as EnrolmentMove[]).find(
    (name) => enrolmentMoves[name].to === to && (enrolmentMoves[name].from as readonly string[]).includes(from),
  )
  if (move === undefined) return refuse('enrolment.move-not-allowed')
  const { programmeId, registrantId } = enrolment
  const reason = String(changes.reason ?? enrolment.reason)
  const outcome = await moveEnrolments(office, officerId, { programmeId, move, reason }, [[registrantId]], {
    pause: async () => undefined,
  })
  const [code] = Object.keys(outcome.leftOut) as Fault['code'][]
  return outcome.done === 1 ? undefined : refuse(code ?? 'enrolment.move-not-allowed')
}

/** The store's version of a document; absent when there is none. */
function master(office: Office, name: ReplicaName, id: string): ReplicatedDocument {
  const record = office.store.find(replicaCollection(name).kind, id)
  return record === undefined ? absent(id) : toDocument(office.store, name, JSON.stringify(record))
}
