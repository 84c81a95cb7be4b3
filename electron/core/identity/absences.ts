import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import { Delegation, type Officer } from '../../../shared/model/officer.ts'
import { findDelegationRefusal } from '../../../shared/rules/delegation.ts'
import type { Store, Transaction } from '../store/store.ts'
import { delegate } from './delegations.ts'
import { openOfficerKey } from './officer-keys.ts'
import { isSignedBy, signClaims } from './signatures.ts'

/*
 * An officer arranges their own absence: which of their own roles, to whom, from when until when, signed by their own key. It
 * gives nobody a role. That takes an administrator's signature on the record of the one who stands in, like every right here;
 * and so nobody hands on by themself what an administrator gave them. Kept in this office until it is answered.
 */

const AbsenceClaims = z.object({
  id: z.string(),
  /** Who will be away. */
  from: z.string(),
  /** Who is to stand in. */
  to: z.string(),
  role: Delegation.shape.role,
  begins: z.int(),
  ends: z.int(),
})
const Absence = AbsenceClaims.extend({
  /** Compact JWS (EdDSA) by the key of `from`. */
  signature: z.string(),
})
export type Absence = z.infer<typeof Absence>

/** What an officer asks for; the rest of it is about themself. */
export type AbsenceWish = Pick<Absence, 'to' | 'role' | 'begins' | 'ends'>

const ABSENCES = 'absence-wishes'
/** Of one officer at a time. */
const AT_MOST = 10

/** Absences that wait for an administrator, oldest first; those whose time is over are left out. */
export function findAbsences(store: Pick<Store, 'findMark'>, now: number): readonly Absence[] {
  return kept(store).filter(({ ends }) => ends > now)
}

function kept(store: Pick<Store, 'findMark'>): readonly Absence[] {
  const mark = store.findMark(ABSENCES)
  return mark === undefined ? [] : z.array(Absence).parse(JSON.parse(mark))
}

function keep(transaction: Transaction, absences: readonly Absence[]): void {
  transaction.mark(ABSENCES, JSON.stringify(absences))
}

/**
 * Writes an officer's own absence down for an administrator.
 *
 * @throws OfficeError `identity.delegation-*`, `identity.too-many-absences`, `identity.wrong-pin`
 */
export async function arrangeAbsence(
  store: Store,
  officerId: string,
  { pin, to, role, begins, ends }: AbsenceWish & { readonly pin: string },
  now: number,
): Promise<Absence> {
  const claims = { id: newId(), from: officerId, to, role, begins, ends }
  // The roles of the record: one that is held for somebody else is not handed on.
  const refusal = findDelegationRefusal(store.get('officer', to), store.get('officer', officerId), claims, now)
  if (refusal !== undefined) fail(refusal)
  const key = await openOfficerKey(store, officerId, pin)
  const absence = { ...claims, signature: await signClaims('absence', claims, officerId, key) }
  const open = findAbsences(store, now)
  if (open.filter(({ from }) => from === officerId).length >= AT_MOST) fail('identity.too-many-absences')
  store.transaction(officerId, (transaction) => {
    keep(transaction, [...open, absence])
    audit(transaction, 'officer.absence-arranged', absence)
  })
  return absence
}

/** Takes an own absence back that nobody has answered. @throws OfficeError `store.not-found` */
export function withdrawAbsence(store: Store, officerId: string, id: string): void {
  const absence = kept(store).find((one) => one.id === id && one.from === officerId)
  if (absence === undefined) fail('store.not-found', { kind: 'delegation' })
  store.transaction(officerId, (transaction) => {
    remove(store, transaction, id)
    audit(transaction, 'officer.absence-withdrawn', absence)
  })
}

/**
 * An administrator's word on it. Accepted, it becomes a delegation as if the administrator had arranged it, under the same
 * rules (I7): both stand among the sponsors of the one who stands in.
 *
 * @throws OfficeError `identity.absence-not-theirs` where the officer's own signature does not hold, those of `delegate`
 */
export async function answerAbsence(
  store: Store,
  administrator: Officer,
  {
    id,
    accepted,
    basedOn,
    pin,
  }: { readonly id: string; readonly accepted: boolean; readonly basedOn: string; readonly pin: string },
  now: number,
): Promise<void> {
  const absence = findAbsences(store, now).find((one) => one.id === id)
  if (absence === undefined) fail('store.not-found', { kind: 'delegation' })
  const { signature, ...claims } = absence
  const { from, to, role, begins, ends } = claims
  if (accepted) {
    // Nobody confirms their own absence: a second pair of eyes is what the administrator is there for.
    if (from === administrator.id) fail('identity.own-record')
    const lender = store.get('officer', from)
    if (!(await isSignedBy('absence', claims, signature, from, lender.signingKey))) fail('identity.absence-not-theirs')
    await delegate(store, administrator, { id: to, basedOn, pin, from, role, begins, ends }, now)
  } else await openOfficerKey(store, administrator.id, pin)
  store.transaction(administrator.id, (transaction) => {
    remove(store, transaction, id)
    audit(transaction, accepted ? 'officer.absence-accepted' : 'officer.absence-refused', absence)
  })
}

const remove = (store: Store, transaction: Transaction, id: string): void =>
  keep(
    transaction,
    kept(store).filter((one) => one.id !== id),
  )

function audit(transaction: Transaction, action: string, { from, to, role, begins, ends }: Absence): void {
  transaction.audit({
    action,
    subjectKind: 'officer',
    subjectId: from,
    detail: { standIn: to, role, begins, ends },
  })
}
