import { grantedStates } from '../entitlement-life.ts'
import { mergeFields, mergeLife, mergeRemoval } from './fields.ts'
import { areSame, changed, type Fields, type Outcome, take, type Versions } from './versions.ts'

/** What was refused or cancelled stands over what was granted, until money has moved. */
const ENTITLEMENT = {
  draft: 0,
  pending_validation: 1,
  approved: 2,
  expired: 3,
  rejected1: 4,
  rejected2: 5,
  rejected3: 6,
  cancelled: 7,
  trans2FSP: 8,
  rdpd2ben: 9,
}

/** An entitlement: its life by progress, its sum as whoever granted it saw it. */
export function mergeEntitlement(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const life = ['state', 'reason'] as const
  const money = ['amount', 'currency'] as const
  mergeRemoval(versions, fields, outcome)
  mergeLife(versions, life, ENTITLEMENT, outcome)
  mergeFields(
    versions,
    fields.filter((field) => ![...life, ...money, 'removed'].includes(field)),
    outcome,
    'conflicts',
  )
  const { base, mine, theirs } = versions
  const grants = (side: Fields): boolean =>
    changed(base, side, ['state']) && (grantedStates as readonly unknown[]).includes(side.state)
  // Whoever granted it saw this sum; another one is not granted by it.
  const granter = grants(mine) === grants(theirs) ? undefined : grants(mine) ? mine : theirs
  if (base === undefined || granter === undefined || areSame(money, mine, theirs)) {
    mergeFields(versions, money, outcome, 'conflicts')
    return
  }
  take(outcome, granter, money)
  if (changed(base, granter === mine ? theirs : mine, money)) outcome.conflicts.add('amount')
}
