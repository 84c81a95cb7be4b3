import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { openClaimsOf } from '../central/claims/district-offices.ts'
import { findCentralSettings } from '../central/settings.ts'
import { allConnectors, allManagers, allOfficers, allProviders } from '../identity/signed-change.ts'
import type { Store, Transaction } from '../store/store.ts'

/*
 * A laptop that was lost or stolen, and what is to be done about it. What the records show is worked out from them; the rest is
 * ticked by an administrator. Kept in this office.
 */

/** `own`: the laptop on which this very office lived before it was restored here. */
export const OWN_FORMER = 'own'

const LostLaptop = z.object({
  /** Installation of the lost office. */
  id: z.string(),
  name: z.string(),
  at: z.number(),
  by: z.string(),
  reason: z.string(),
  /** Last entry of the audit trail before it was reported. */
  position: z.number(),
  /** Keys that lay on it, as they were: of officers, and by which messages of a payment manager are signed. */
  officerKeys: z.record(z.string(), z.string()),
  signingKeys: z.record(z.string(), z.string()),
  /** Steps that were done as far as this office cannot see it by itself. */
  done: z.array(z.string()),
})
export type LostLaptop = z.infer<typeof LostLaptop>

const LOST = 'lost-laptops'

export function findLostLaptops(store: Pick<Store, 'findMark'>): readonly LostLaptop[] {
  const mark = store.findMark(LOST)
  return mark === undefined ? [] : z.array(LostLaptop).parse(JSON.parse(mark))
}

/** @throws OfficeError `moving.not-lost` */
const getLost = (store: Pick<Store, 'findMark'>, id: string): LostLaptop =>
  findLostLaptops(store).find((one) => one.id === id) ?? fail('moving.not-lost')

function keep(transaction: Transaction, store: Store, laptop: LostLaptop): void {
  const others = findLostLaptops(store).filter(({ id }) => id !== laptop.id)
  transaction.mark(LOST, JSON.stringify([...others, laptop]))
}

/** Notes that a laptop is lost, with the keys that are to be replaced. What was noted before stays. */
export function noteLost(
  store: Store,
  officerId: string,
  { id, name, reason, at }: Pick<LostLaptop, 'id' | 'name' | 'reason' | 'at'>,
): void {
  if (findLostLaptops(store).some((known) => known.id === id)) return
  const laptop: LostLaptop = {
    id,
    name,
    at,
    by: officerId,
    reason,
    position: Number((store.findMark('audit-head') ?? '').split(':')[0] ?? 0),
    officerKeys: Object.fromEntries(allOfficers(store).map((officer) => [officer.id, officer.signingKey.x])),
    signingKeys: Object.fromEntries(
      allManagers(store).flatMap(({ id: managerId, signing }) =>
        'keyId' in signing && signing.keyId !== '' ? [[managerId, signing.keyId]] : [],
      ),
    ),
    done: [],
  }
  store.transaction(officerId, (transaction) => {
    keep(transaction, store, laptop)
    transaction.audit({
      action: 'office.laptop-lost',
      subjectKind: 'office',
      subjectId: subjectOf(store, id),
      detail: { reason },
    })
  })
}

/** Ticks a step, or takes the tick back. @throws OfficeError `moving.not-lost` */
export function tickStep(
  store: Store,
  officerId: string,
  { id, step, done }: { readonly id: string; readonly step: string; readonly done: boolean },
): void {
  const laptop = getLost(store, id)
  const others = laptop.done.filter((known) => known !== step)
  store.transaction(officerId, (transaction) => {
    keep(transaction, store, { ...laptop, done: done ? [...others, step] : others })
    transaction.audit({
      action: done ? 'office.lost-step-done' : 'office.lost-step-open',
      subjectKind: 'office',
      subjectId: subjectOf(store, id),
      detail: { step },
    })
  })
}

const subjectOf = (store: Store, id: string): string => (id === OWN_FORMER ? store.installationId : id)

export type LostStepKind =
  | 'revoke'
  | 'confirm'
  | 'look-up'
  | 'claims'
  | 'officer'
  | 'signing-key'
  | 'data-key'
  | 'account'
  | 'connector'
  | 'provider'
  | 'police'

/** One thing to do. */
export interface LostStep {
  /** Names it for a tick. */
  readonly step: string
  readonly kind: LostStepKind
  /** Whose key it is, or which connector; empty where there is only one. */
  readonly name: string
  readonly done: boolean
  /** Whether a person says that it is done, since nothing here shows it. */
  readonly byHand: boolean
  /** How many batches or payments are left of it. */
  readonly left: number
}

/** What is to be done about a lost laptop, and how far it is. @throws OfficeError `moving.not-lost` */
export function lostSteps(store: Store, id: string, doubt: string | undefined): readonly LostStep[] {
  const laptop = getLost(store, id)
  const ticked = new Set(laptop.done)
  const seen = (kind: LostStepKind, left: number): LostStep => ({
    step: kind,
    kind,
    name: '',
    done: left === 0,
    byHand: false,
    left,
  })
  /** Seen by itself, or said by a person: that nobody used this key there, for example. */
  const either = (kind: LostStepKind, about: string, name: string, done = false): LostStep => {
    const step = about === '' ? kind : `${kind}:${about}`
    return { step, kind, name, done: done || ticked.has(step), byHand: !done, left: 0 }
  }
  const count = (text: string, ...values: readonly (string | number)[]): number =>
    store
      .sql(text)
      .pluck()
      .get(...values) as number

  const first =
    id === OWN_FORMER
      ? [
          seen('confirm', doubt === undefined ? 0 : 1),
          seen('look-up', count('SELECT count(*) FROM look_up_owed')),
          seen(
            'data-key',
            count(
              "SELECT NOT EXISTS (SELECT 1 FROM audit WHERE action = 'office.key-replaced' AND position > ?)",
              laptop.position,
            ),
          ),
        ]
      : [seen('revoke', isRevoked(store, id) ? 0 : 1), seen('claims', openClaimsOf({ store }, id).length)]
  const officers = allOfficers(store)
    .filter((officer) => officer.id in laptop.officerKeys)
    .map((officer) => {
      const isNew = officer.signingKey.x !== laptop.officerKeys[officer.id] || officer.state === 'suspended'
      return either('officer', officer.id, officer.name, isNew)
    })
  const managers = allManagers(store)
    .filter((manager) => manager.id in laptop.signingKeys)
    .map((manager) => {
      const { signing } = manager
      const isNew = !('keyId' in signing) || signing.keyId !== laptop.signingKeys[manager.id]
      return either('signing-key', manager.id, manager.name, isNew)
    })
  return [
    ...first,
    ...officers,
    ...managers,
    ...(findCentralSettings(store) === undefined ? [] : [either('account', '', '')]),
    ...allConnectors(store).map((connector) => either('connector', connector.id, connector.name)),
    ...allProviders(store).map((provider) => either('provider', provider.id, provider.name)),
    either('police', '', ''),
  ]
}

/** Whether an office here took that laptop's right away, as far as this office was told. */
const isRevoked = (store: Store, id: string): boolean =>
  findLostLaptops(store).some((laptop) => laptop.id === id && laptop.done.includes('revoke'))
