import type { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import { Programme } from '../../../shared/model/programme.ts'
import type { Moment } from '../../../shared/model/record.ts'
import { currencyDigits } from '../../../shared/rules/currency.ts'
import { grantedStates } from '../../../shared/rules/entitlement-life.ts'
import { plainAmount } from '../../../shared/rules/money.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Store, Transaction } from '../store/store.ts'
import type { StoreReading } from './standing.ts'

export const ProgrammeSettings = Programme.omit({
  id: true,
  changedAt: true,
  changedBy: true,
  removed: true,
  state: true,
})
export type ProgrammeSettings = z.infer<typeof ProgrammeSettings>

const granted = grantedStates.map((state) => `'${state}'`).join(', ')

/** What the programme's cycles have been granted, minor units; cancelled cycles pay nothing. */
export function grantedSum(store: StoreReading, programmeId: string, exceptCycle = ''): number {
  return store
    .sql(
      `SELECT coalesce(sum(amount), 0) FROM entitlement
       WHERE programme_id = ? AND removed = 0 AND state IN (${granted}) AND cycle_id <> ?
         AND cycle_id NOT IN (SELECT id FROM cycle WHERE programme_id = ? AND state = 'cancelled')`,
    )
    .pluck()
    .get(programmeId, exceptCycle, programmeId) as number
}

/**
 * Makes a programme.
 *
 * @throws OfficeError `programme.name-taken`, `currency.unknown`, `store.not-found` for the payment manager
 */
export function createProgramme(store: Store, officerId: string, settings: ProgrammeSettings): Programme {
  return store.transaction(officerId, (transaction) => {
    const id = newId()
    const checked = checkSettings(transaction, settings, id)
    const programme = transaction.put('programme', { ...checked, id, state: 'active', removed: false })
    transaction.audit({ action: 'programme.created', subjectKind: 'programme', subjectId: id })
    return programme
  })
}

/**
 * Changes a programme's settings. The currency stays once anything is entitled, the target once anybody is enrolled.
 *
 * @param basedOn `changedAt` of the record that the officer saw
 * @throws OfficeError `store.changed-meanwhile`, `programme.currency-fixed`, `programme.target-fixed`,
 * `programme.fund-below-granted`, `programme.ended` and those of {@link createProgramme}
 */
export function updateProgramme(
  store: Store,
  officerId: string,
  id: string,
  basedOn: Moment,
  settings: ProgrammeSettings,
): Programme {
  return store.transaction(officerId, (transaction) => {
    const before = transaction.get('programme', id)
    if (before.changedAt !== basedOn) fail('store.changed-meanwhile')
    if (before.state === 'ended') fail('programme.ended')
    const checked = checkSettings(transaction, settings, id)
    if (checked.currency !== before.currency && isAnything(transaction, 'entitlement', id))
      fail('programme.currency-fixed')
    if (checked.target !== before.target && isAnything(transaction, 'enrolment', id)) fail('programme.target-fixed')
    if (checked.fund !== null && (before.fund === null || checked.fund < before.fund)) {
      const sum = grantedSum(transaction, id)
      const money = (minor: number): string => plainAmount(minor, checked.currency)
      if (checked.fund < sum) fail('programme.fund-below-granted', { fund: money(checked.fund), granted: money(sum) })
    }
    const programme = transaction.put('programme', { ...before, ...checked })
    transaction.audit({ action: 'programme.changed', subjectKind: 'programme', subjectId: id })
    return programme
  })
}

/**
 * Ends a programme, or takes that back. Nothing is enrolled in or paid by an ended one.
 *
 * @throws OfficeError `programme.cycles-open`
 */
export function setProgrammeState(store: Store, officerId: string, id: string, state: Programme['state']): Programme {
  return store.transaction(officerId, (transaction) => {
    const before = transaction.get('programme', id)
    if (before.state === state) return before
    const open = transaction
      .sql("SELECT count(*) FROM cycle WHERE programme_id = ? AND removed = 0 AND state NOT IN ('ended', 'cancelled')")
      .pluck()
      .get(id) as number
    if (state === 'ended' && open > 0) fail('programme.cycles-open', { open })
    const programme = transaction.put('programme', { ...before, state })
    const action = state === 'ended' ? 'programme.ended' : 'programme.reopened'
    transaction.audit({ action, subjectKind: 'programme', subjectId: id })
    return programme
  })
}

/** @throws OfficeError `programme.ended` */
export function getActiveProgramme(store: Pick<Transaction, 'get'>, id: string): Programme {
  const programme = store.get('programme', id)
  if (programme.state === 'ended') fail('programme.ended')
  return programme
}

const isAnything = (store: StoreReading, table: 'entitlement' | 'enrolment', programmeId: string): boolean =>
  store.sql(`SELECT 1 FROM ${table} WHERE programme_id = ? AND removed = 0 LIMIT 1`).get(programmeId) !== undefined

function checkSettings(transaction: Transaction, settings: ProgrammeSettings, id: string): ProgrammeSettings {
  const digits = currencyDigits(settings.currency)
  if (!digits.ok) fail(digits.error.code, digits.error.params)
  const { text: name, problems } = cleanLine(settings.name)
  const [problem] = problems
  if (problem !== undefined) fail(problem.code, problem.params)
  const taken = transaction.sql('SELECT 1 FROM programme WHERE name = ? AND id <> ? AND removed = 0').get(name, id)
  if (taken !== undefined) fail('programme.name-taken')
  if (settings.paymentManagerId !== '') transaction.get('paymentManager', settings.paymentManagerId)
  return { ...settings, name }
}
