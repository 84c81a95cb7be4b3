import { fail } from '../../../shared/contract/result.ts'
import { entitlementId } from '../../../shared/model/ids.ts'
import type { Cycle, Entitlement, Programme } from '../../../shared/model/programme.ts'
import { grantedStates } from '../../../shared/rules/entitlement-life.ts'
import { countCurrentMembers, entitledAmount } from '../../../shared/rules/entitlement-rule.ts'
import type { Office } from '../office.ts'
import { refuseDuringImport } from '../registry/half-imported.ts'
import type { Transaction } from '../store/store.ts'
import { SLICE } from './enrolments.ts'
import { addMaker, getOpenCycle } from './entitlements.ts'
import type { RunControl } from './runs.ts'
import { payObstacleOf } from './standing.ts'

/** The code of entitlements that the programme's rule grants. */
export const RULE_CODE = 'benefit'

export interface GenerationOutcome {
  /** New drafts, drafts whose amount changed, and those that stayed as they were (also edited, imported or decided ones). */
  readonly made: number
  readonly changed: number
  readonly kept: number
  /** Drafts of registrants who are not paid any more. */
  readonly withdrawn: number
  /** Registrants who are paid but get nothing by the rule, by code. */
  readonly leftOut: Readonly<Record<string, number>>
}

interface Grant {
  readonly registrantId: string
  readonly code: string
  readonly amount: number
}

interface Page {
  readonly grants: readonly Grant[]
  /** Registrants looked at. */
  readonly seen: number
  /** The last registrant; undefined when the page is empty. */
  readonly last: string | undefined
  readonly leftOut: readonly { readonly registrantId: string; readonly code: string }[]
}

/**
 * Makes the drafts of a cycle for everybody enrolled who is paid: by the programme's rule, or as the cycle before granted
 * (`previous`). Ids are derived, so running it again changes nothing that is right. While it has not run to its end the
 * cycle cannot be submitted.
 *
 * @throws OfficeError `cycle.not-open`, `programme.no-rule`, `cycle.no-previous`, `programme.ended`, `cycle.busy`,
 * `registry.import-running`, `api.cancelled`
 */
export async function generateEntitlements(
  office: Office,
  officerId: string,
  cycleId: string,
  source: 'rule' | 'previous',
): Promise<GenerationOutcome> {
  const { store, runs } = office
  runs.refuseWhileRunning(cycleId)
  const begun = store.transaction(officerId, (transaction) => {
    const cycle = getOpenCycle(transaction, cycleId)
    const programme = transaction.get('programme', cycle.programmeId)
    if (source === 'rule' && programme.entitlementRule.kind === 'none') fail('programme.no-rule')
    const previous = source === 'previous' ? (findPrevious(transaction, cycle) ?? fail('cycle.no-previous')) : undefined
    const marked = addMaker(transaction, cycle, officerId)
    transaction.put('cycle', { ...marked, generationUnfinished: true })
    transaction.audit({
      action: 'entitlement.generation-begun',
      subjectKind: 'cycle',
      subjectId: cycleId,
      detail: { source },
    })
    return { previous, programmeId: programme.id }
  })
  const total = store
    .sql("SELECT count(*) FROM enrolment WHERE programme_id = ? AND removed = 0 AND state = 'enrolled'")
    .pluck()
    .get(begun.programmeId) as number
  return runs.run(cycleId, 'generating', total, async (control) => {
    const outcome = { made: 0, changed: 0, kept: 0, withdrawn: 0, leftOut: {} as Record<string, number> }
    let after = ''
    let seen = 0
    for (;;) {
      const page = store.transaction(officerId, (transaction) => {
        refuseDuringImport(transaction.sql)
        const cycle = getOpenCycle(transaction, cycleId)
        const programme = transaction.get('programme', cycle.programmeId)
        const found =
          begun.previous === undefined
            ? pageByRule(transaction, programme, cycle, after)
            : pageOfPrevious(transaction, programme, begun.previous, after)
        writeDrafts(transaction, programme, cycle, found, outcome)
        return found
      })
      if (page.last === undefined) break
      after = page.last
      seen += page.seen
      await control.pause(seen)
    }
    await withdrawUnpayable(office, officerId, cycleId, control, outcome)
    store.transaction(officerId, (transaction) => {
      const cycle = transaction.get('cycle', cycleId)
      transaction.put('cycle', { ...cycle, generationUnfinished: false })
      const { leftOut, ...counts } = outcome
      transaction.audit({
        action: 'entitlement.generated',
        subjectKind: 'cycle',
        subjectId: cycleId,
        detail: { source, ...counts },
      })
    })
    return outcome
  })
}

/** The latest cycle before this one that granted anything. */
function findPrevious(transaction: Transaction, { programmeId, sequence }: Cycle): string | undefined {
  const granted = grantedStates.map((state) => `'${state}'`).join(', ')
  return transaction
    .sql(
      `SELECT id FROM cycle c WHERE programme_id = ? AND sequence < ? AND removed = 0 AND state <> 'cancelled'
         AND EXISTS (SELECT 1 FROM entitlement WHERE cycle_id = c.id AND removed = 0 AND state IN (${granted}))
       ORDER BY sequence DESC LIMIT 1`,
    )
    .pluck()
    .get(programmeId, sequence) as string | undefined
}

function pageByRule(transaction: Transaction, programme: Programme, cycle: Cycle, after: string): Page {
  const registrants = transaction
    .sql(
      `SELECT registrant_id FROM enrolment
       WHERE programme_id = ? AND removed = 0 AND state = 'enrolled' AND registrant_id > ? ORDER BY registrant_id LIMIT ?`,
    )
    .pluck()
    .all(programme.id, after, SLICE) as string[]
  const grants: Grant[] = []
  const leftOut: { registrantId: string; code: string }[] = []
  for (const registrantId of registrants) {
    const obstacle = payObstacleOf(transaction, programme, registrantId)
    const granted =
      obstacle === undefined ? ruleAmount(transaction, programme, cycle, registrantId) : { left: obstacle as string }
    if ('left' in granted) leftOut.push({ registrantId, code: granted.left })
    else grants.push({ registrantId, code: RULE_CODE, amount: granted.amount })
  }
  return { grants, leftOut, seen: registrants.length, last: registrants.at(-1) }
}

function ruleAmount(
  transaction: Transaction,
  { entitlementRule: rule, target }: Programme,
  cycle: Cycle,
  registrantId: string,
): { readonly amount: number } | { readonly left: string } {
  const members =
    rule.kind === 'perMember' && target === 'group' ? currentMembers(transaction, registrantId, cycle.startDate) : 1
  const amount = entitledAmount(rule, members)
  if (!amount.ok) return { left: amount.error.code }
  return amount.value === null || amount.value === 0 ? { left: 'amount.zero' } : { amount: amount.value }
}

interface MemberRow {
  readonly body: string
  readonly id: string
  readonly removed: number
  readonly deceasedOn: string | null
}

function currentMembers(transaction: Transaction, groupId: string, day: string): number {
  const rows = transaction
    .sql(
      `SELECT m.body, r.id, r.removed, r.deceased_on AS deceasedOn FROM membership m
       JOIN registrant r ON r.id = m.individual_id WHERE m.group_id = ? AND m.removed = 0`,
    )
    .all(groupId) as MemberRow[]
  const members = rows.map(({ body, id, removed, deceasedOn }) => ({
    membership: JSON.parse(body),
    registrant: { id, removed: removed === 1, deceasedOn },
  }))
  return countCurrentMembers(members, day)
}

function pageOfPrevious(transaction: Transaction, programme: Programme, previous: string, after: string): Page {
  const granted = grantedStates.map((state) => `'${state}'`).join(', ')
  const registrants = transaction
    .sql(
      `SELECT DISTINCT registrant_id FROM entitlement
       WHERE cycle_id = ? AND removed = 0 AND state IN (${granted}) AND registrant_id > ? ORDER BY registrant_id LIMIT ?`,
    )
    .pluck()
    .all(previous, after, SLICE) as string[]
  const grants: Grant[] = []
  const leftOut: { registrantId: string; code: string }[] = []
  const ofRegistrant = transaction.sql(
    `SELECT registrant_id AS registrantId, code, amount FROM entitlement
     WHERE registrant_id = ? AND cycle_id = ? AND removed = 0 AND state IN (${granted})`,
  )
  for (const registrantId of registrants) {
    const obstacle = payObstacleOf(transaction, programme, registrantId)
    if (obstacle === undefined) grants.push(...(ofRegistrant.all(registrantId, previous) as Grant[]))
    else leftOut.push({ registrantId, code: obstacle })
  }
  return { grants, leftOut, seen: registrants.length, last: registrants.at(-1) }
}

type Counts = { made: number; changed: number; kept: number; withdrawn: number; leftOut: Record<string, number> }

function writeDrafts(
  transaction: Transaction,
  programme: Programme,
  cycle: Cycle,
  { grants, leftOut }: Page,
  outcome: Counts,
): void {
  const before = outcome.made + outcome.changed
  for (const { registrantId, code, amount } of grants) {
    const id = entitlementId(cycle.id, registrantId, code)
    const known = transaction.find('entitlement', id)
    // What somebody edited (it has a reason), imported or decided stays; so does what is right already.
    if (
      (known !== undefined && !isUntouchedDraft(known)) ||
      (known !== undefined && !known.removed && known.amount === amount)
    ) {
      outcome.kept += 1
      continue
    }
    transaction.put('entitlement', {
      id,
      removed: false,
      cycleId: cycle.id,
      programmeId: programme.id,
      registrantId,
      code,
      amount,
      currency: programme.currency,
      state: 'draft',
      reason: '',
      importId: '',
    })
    if (known === undefined || known.removed) outcome.made += 1
    else outcome.changed += 1
  }
  let withdrawn = 0
  for (const { registrantId, code } of leftOut) {
    outcome.leftOut[code] = (outcome.leftOut[code] ?? 0) + 1
    // A draft of an earlier run, when the rule still granted something.
    const stale = transaction.find('entitlement', entitlementId(cycle.id, registrantId, RULE_CODE))
    if (stale === undefined || stale.removed || !isUntouchedDraft(stale)) continue
    transaction.put('entitlement', { ...stale, removed: true })
    withdrawn += 1
  }
  outcome.withdrawn += withdrawn
  const written = outcome.made + outcome.changed + withdrawn - before
  if (written > 0) auditSlice(transaction, cycle.id, 'entitlement.drafted', written)
}

const isUntouchedDraft = ({ state, importId, reason }: Entitlement): boolean =>
  state === 'draft' && importId === '' && reason === ''

function auditSlice(transaction: Transaction, cycleId: string, action: string, count: number): void {
  transaction.audit({ action, subjectKind: 'cycle', subjectId: cycleId, detail: { count } })
}

/** Takes drafts away whose registrants have left, died or are paused since an earlier run. */
async function withdrawUnpayable(
  office: Office,
  officerId: string,
  cycleId: string,
  control: RunControl,
  outcome: Counts,
): Promise<void> {
  let after = ''
  let seen = outcome.made + outcome.changed + outcome.kept
  for (;;) {
    const last = office.store.transaction(officerId, (transaction) => {
      const cycle = getOpenCycle(transaction, cycleId)
      const programme = transaction.get('programme', cycle.programmeId)
      const rows = transaction
        .sql(
          `SELECT DISTINCT registrant_id FROM entitlement
           WHERE cycle_id = ? AND removed = 0 AND state = 'draft' AND registrant_id > ? ORDER BY registrant_id LIMIT ?`,
        )
        .pluck()
        .all(cycleId, after, SLICE) as string[]
      const gone = rows.filter((registrantId) => payObstacleOf(transaction, programme, registrantId) !== undefined)
      let withdrawn = 0
      for (const registrantId of gone) {
        const ids = transaction
          .sql(
            "SELECT id FROM entitlement WHERE registrant_id = ? AND cycle_id = ? AND state = 'draft' AND removed = 0",
          )
          .pluck()
          .all(registrantId, cycleId) as string[]
        for (const id of ids) transaction.put('entitlement', { ...transaction.get('entitlement', id), removed: true })
        withdrawn += ids.length
      }
      if (withdrawn > 0) auditSlice(transaction, cycleId, 'entitlement.withdrawn', withdrawn)
      outcome.withdrawn += withdrawn
      return rows.at(-1)
    })
    if (last === undefined) return
    after = last
    seen += SLICE
    await control.pause(seen)
  }
}
