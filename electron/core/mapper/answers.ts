import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { MapperSettings } from '../../../shared/model/mapper.ts'
import type { Mapped } from '../../../shared/rules/mapper/judge.ts'
import type { KnownMapped, MapperQuestion } from '../../../shared/rules/payee-address.ts'
import type { Reason } from '../../../shared/rules/ruling.ts'
import type { Store, Transaction } from '../store/store.ts'

interface AnswerRow {
  readonly registrantId: string
  readonly settings: string
  readonly basis: string
  readonly kind: KnownMapped['kind']
  readonly code: Reason['code']
  readonly params: string
  readonly address: string
  readonly provider: string
  readonly reference: string
  readonly at: number
  readonly changedOn: string | null
}

/** Changes with every setting under which an answer could be another one. */
export function settingsDigest({ questionSize, apiTimeout, ...settings }: MapperSettings): string {
  return createHash('sha256')
    .update(canonicalize(settings) as string)
    .digest('hex')
}

const knownOf = ({ kind, code, params, address, provider, reference, at, changedOn }: AnswerRow): KnownMapped =>
  kind === 'linked'
    ? { kind, address, provider, reference, at, changedOn }
    : { kind, why: { code, params: JSON.parse(params) as Reason['params'] }, at }

/** What a manager's mapper said of people, as rules ask for it: undefined of what was asked under other settings or another number. */
export function mappedAnswersOf(
  sql: Store['sql'],
  managerId: string,
  mapper: MapperSettings,
  registrantIds: readonly string[],
): (registrantId: string, question: MapperQuestion) => KnownMapped | undefined {
  const rows = sql(
    `SELECT registrant_id AS registrantId, settings, basis, kind, code, params, address, provider, reference, at,
            changed_on AS changedOn
     FROM mapper_answer WHERE manager_id = ? AND registrant_id IN (SELECT value FROM json_each(?))`,
  ).all(managerId, JSON.stringify(registrantIds)) as AnswerRow[]
  const known = new Map(rows.map((row) => [row.registrantId, row]))
  const digest = settingsDigest(mapper)
  return (registrantId, { basis }) => {
    const row = known.get(registrantId)
    return row?.settings === digest && row.basis === basis ? knownOf(row) : undefined
  }
}

/** A person who was asked about, and what came of it. */
export interface Answered {
  readonly registrantId: string
  readonly basis: string
  readonly reference: string
  readonly mapped: Mapped
}

/**
 * Writes down what a mapper said.
 *
 * @param at epoch milliseconds
 */
export function keepAnswers(
  transaction: Transaction,
  { managerId, mapper }: { readonly managerId: string; readonly mapper: MapperSettings },
  answers: readonly Answered[],
  at: number,
): void {
  const settings = settingsDigest(mapper)
  const day = new Date(at).toISOString().slice(0, 10)
  const write = transaction.sql(
    `INSERT INTO mapper_answer VALUES (@managerId, @registrantId, @settings, @basis, @kind, @code, @params, @address, @provider,
       @reference, @at, @address, NULL)
     ON CONFLICT (manager_id, registrant_id) DO UPDATE SET settings = excluded.settings, basis = excluded.basis,
       kind = excluded.kind, code = excluded.code, params = excluded.params, address = excluded.address,
       provider = excluded.provider, reference = excluded.reference, at = excluded.at,
       changed_on = CASE WHEN excluded.address <> '' AND last_address <> '' AND last_address <> excluded.address
         THEN @day ELSE changed_on END,
       last_address = CASE WHEN excluded.address <> '' THEN excluded.address ELSE last_address END`,
  )
  for (const { registrantId, basis, reference, mapped } of answers) {
    const why = mapped.kind === 'linked' ? { code: '', params: {} } : mapped.why
    write.run({
      managerId,
      registrantId,
      settings,
      basis,
      kind: mapped.kind,
      code: why.code,
      params: JSON.stringify(why.params),
      address: mapped.kind === 'linked' ? mapped.address : '',
      provider: mapped.kind === 'linked' ? mapped.provider : '',
      reference,
      at,
      day,
    })
  }
  transaction.touch('mapper')
  const counts = Object.groupBy(answers, ({ mapped }) => mapped.kind)
  transaction.audit({
    action: 'mapper.asked',
    subjectKind: 'paymentManager',
    subjectId: managerId,
    detail: {
      linked: counts.linked?.length ?? 0,
      none: counts.none?.length ?? 0,
      unresolved: counts.unresolved?.length ?? 0,
    },
  })
}
