import type { Decision } from '../../../../shared/model/batch.ts'
import type { RecordKind, RecordOf } from '../../../../shared/model/records.ts'
import { laterOf, type MergedKind } from '../../../../shared/rules/central-merge/merge-record.ts'
import { sameValue } from '../../../../shared/rules/three-way.ts'
import type { Transaction } from '../../store/store.ts'
import { isTravelling, travelling } from '../documents.ts'
import { type Conflict, nameOfConflict, putConflict } from './conflict-rows.ts'
import { findRowStanding } from './row-standing.ts'

/** Keeps both versions of a record for good; an officer is asked where no rule decided. */
export function noteConflict<K extends MergedKind>(
  tx: Transaction,
  kind: K,
  versions: {
    readonly base: RecordOf<K> | undefined
    readonly mine: RecordOf<K>
    readonly theirs: RecordOf<K>
    readonly record: RecordOf<K>
  },
  found: { readonly conflictFields: readonly string[]; readonly ruledFields: readonly string[] },
): void {
  const { base, mine, theirs, record } = versions
  const asksOfficer = found.conflictFields.length > 0
  const fields = asksOfficer ? found.conflictFields : found.ruledFields
  put(tx, kind, mine.id, fields, { base, mine, theirs }, asksOfficer ? 'officer' : 'rule', ({ earlier, later }) => {
    const has = (side: object) => fields.every((field) => sameValue(fieldOf(side, field), fieldOf(record, field)))
    return has(later) ? 'later' : has(earlier) ? 'earlier' : 'merged'
  })
}

const fieldOf = (side: object, field: string): unknown => (side as Record<string, unknown>)[field]

/** An approval here and a return there of one submission, or the other way round: the return stands. */
export function noteOpposedDecision(tx: Transaction, theirs: Decision): void {
  const bodies = tx
    .sql('SELECT body FROM decision WHERE submission_id = ? AND verdict <> ?')
    .pluck()
    .all(theirs.submissionId, theirs.verdict) as string[]
  const mine = bodies.map((body) => JSON.parse(body) as Decision).find(({ id }) => !isAtServer(tx, id))
  if (mine === undefined) return
  const versions = { base: undefined, mine, theirs }
  put(tx, 'decision', theirs.batchId, ['verdict'], versions, 'rule', ({ earlier }) =>
    (earlier as Decision).verdict === 'return' ? 'earlier' : 'later',
  )
}

const isAtServer = (tx: Transaction, id: string): boolean => findRowStanding(tx.sql, 'decision', id)?.isInStep === true

interface Sides {
  readonly earlier: object
  readonly later: object
}

function put(
  tx: Transaction,
  kind: RecordKind,
  recordId: string,
  fields: readonly string[],
  { base, mine, theirs }: { readonly base: object | undefined; readonly mine: object; readonly theirs: object },
  decidedBy: Conflict['decidedBy'],
  standing: (sides: Sides) => Conflict['standing'],
): void {
  const version = (side: object): NonNullable<Conflict['later']> =>
    ({ ...(isTravelling(kind) ? travelling(kind, side) : side) }) as NonNullable<Conflict['later']>
  const [one, other] = [version(mine), version(theirs)]
  const isMineLater = laterOf(one, other) === 'mine'
  const sides = { earlier: isMineLater ? other : one, later: isMineLater ? one : other }
  const said = {
    kind,
    recordId,
    fields: [...fields],
    base: base === undefined ? null : version(base),
    ...sides,
    standing: standing(sides),
    decidedBy,
  }
  putConflict(tx, { id: nameOfConflict(said), ...said }, 'here')
}
