import { fail } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { type Officer, PublicKey } from '../../../../shared/model/officer.ts'
import { cleanLine } from '../../../../shared/rules/text.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { forgetSecret } from '../../vault/secrets.ts'
import { makeOfficerKey, storeOfficerKey } from '../officer-keys.ts'
import { changeSigned, createSigned, type OfficerEdit, type OfficerSettings } from '../officers.ts'
import { markFirstPin } from '../pin-marks.ts'
import { allOfficers } from '../signed-change.ts'
import { isTrustedOfficer } from '../trust.ts'
import { noteOnline } from './online-limit.ts'
import type { ProvenIdentity } from './prove-identity.ts'

/** Somebody who signed in at a provider and waits for an administrator's word. */
export interface Applicant {
  readonly id: string
  readonly providerId: string
  readonly issuer: string
  readonly subject: string
  /** An officer who wants to be linked; null for somebody who is not known here. */
  readonly officerId: string | null
  readonly name: string
  readonly signingKey: string | null
  /** Epoch milliseconds. */
  readonly askedAt: number
}

const COLUMNS = `id, provider_id AS providerId, issuer, subject, officer_id AS officerId, name,
  signing_key AS signingKey, asked_at AS askedAt`
/** Who floods the office with strangers gets no further than this. */
const MOST_APPLICANTS = 100

export const listApplicants = (store: Store): Applicant[] =>
  store.sql(`SELECT ${COLUMNS} FROM sign_in_applicant ORDER BY asked_at, id`).all() as Applicant[]

const findApplicant = (store: Pick<Store, 'sql'>, id: string): Applicant | undefined =>
  store.sql(`SELECT ${COLUMNS} FROM sign_in_applicant WHERE id = ?`).get(id) as Applicant | undefined

type Subject = Pick<ProvenIdentity, 'providerId' | 'issuer' | 'subject'>

export const findApplicantOf = (store: Store, { providerId, issuer, subject }: Subject): Applicant | undefined =>
  store
    .sql(`SELECT ${COLUMNS} FROM sign_in_applicant WHERE provider_id = ? AND issuer = ? AND subject = ?`)
    .get(providerId, issuer, subject) as Applicant | undefined

/** Who is known by this subject, whatever their state. */
export const findOfficerOf = (store: Store, { providerId, issuer, subject }: Subject): Officer | undefined =>
  allOfficers(store).find(
    ({ signIn }) => signIn?.providerId === providerId && signIn.issuer === issuer && signIn.subject === subject,
  )

/** Whether an officer is known by this, at whichever of the issuer's clients, or asks to be. */
export const isOfficerSubject = (store: Store, { issuer, subject }: Pick<Subject, 'issuer' | 'subject'>): boolean =>
  [...allOfficers(store).map(({ signIn }) => signIn), ...listApplicants(store)].some(
    (known) => known?.issuer === issuer && known.subject === subject,
  )

/**
 * Keeps the wish of somebody who is not known here to become an officer. Their key is made now, under the PIN that they choose,
 * so that no administrator ever knows it.
 *
 * @throws OfficeError `identity.weak-pin`, `sign-in.waits`, `sign-in.subject-taken`, `text.*`
 */
export async function apply(
  store: Store,
  identity: ProvenIdentity,
  { name, pin }: { readonly name: string; readonly pin: string },
): Promise<void> {
  mustBeFree(store, identity)
  const { text, problems } = cleanLine(name)
  const [problem] = problems
  if (problem !== undefined) fail(problem.code, problem.params)
  const id = newId()
  const { signingKey, sealed } = await makeOfficerKey(id, pin)
  store.transaction(OFFICE, (transaction) => {
    mustBeFree(store, identity)
    insert(transaction, identity, { id, officerId: null, name: text, signingKey: JSON.stringify(signingKey) })
    storeOfficerKey(transaction, id, sealed)
    transaction.audit({
      action: 'sign-in.applied',
      subjectKind: 'signInProvider',
      subjectId: identity.providerId,
      detail: { applicant: id },
    })
  })
}

/** Keeps an officer's wish to be known by what the provider calls them. @throws OfficeError `sign-in.waits`, `sign-in.subject-taken` */
export function askForLink(store: Store, identity: ProvenIdentity, officer: Officer): void {
  store.transaction(officer.id, (transaction) => {
    mustBeFree(store, identity)
    transaction.sql('DELETE FROM sign_in_applicant WHERE officer_id = ?').run(officer.id)
    insert(transaction, identity, { id: newId(), officerId: officer.id, name: officer.name, signingKey: null })
    transaction.audit({ action: 'sign-in.link-asked', subjectKind: 'officer', subjectId: officer.id })
    transaction.touch('officer')
  })
}

function mustBeFree(store: Store, identity: Subject): void {
  if (findOfficerOf(store, identity) !== undefined) fail('sign-in.subject-taken')
  if (findApplicantOf(store, identity) !== undefined) fail('sign-in.waits')
  if (listApplicants(store).length >= MOST_APPLICANTS) fail('sign-in.waits')
}

function insert(
  transaction: Transaction,
  { providerId, issuer, subject, at }: ProvenIdentity,
  { id, officerId, name, signingKey }: Pick<Applicant, 'id' | 'officerId' | 'name' | 'signingKey'>,
): void {
  transaction
    .sql('INSERT INTO sign_in_applicant VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(id, providerId, issuer, subject, officerId, name, signingKey, at)
  transaction.touch('officer')
}

function drop(transaction: Transaction, { id }: Applicant, { keepKey }: { readonly keepKey: boolean }): void {
  transaction.sql('DELETE FROM sign_in_applicant WHERE id = ?').run(id)
  if (!keepKey) forgetSecret(transaction, 'officer-key', id)
  transaction.touch('officer')
}

const getApplicant = (store: Pick<Store, 'sql'>, id: string): Applicant =>
  findApplicant(store, id) ?? fail('store.changed-meanwhile')

const signInOf = ({ providerId, issuer, subject }: Applicant) => ({ providerId, issuer, subject })

/**
 * Makes an applicant an officer with the roles that the administrator gives. The administrator, who says who it is, stands
 * among the sponsors (I7).
 *
 * @throws OfficeError `identity.login-taken`, `identity.wrong-pin`, `sign-in.subject-taken`, `store.changed-meanwhile`
 */
export async function approveApplicant(
  store: Store,
  administrator: Officer,
  { applicantId, pin, ...settings }: OfficerSettings & { readonly applicantId: string; readonly pin: string },
): Promise<Officer> {
  const applicant = getApplicant(store, applicantId)
  if (applicant.officerId !== null || applicant.signingKey === null) return fail('store.changed-meanwhile')
  if (findOfficerOf(store, applicant) !== undefined) fail('sign-in.subject-taken')
  const signingKey = PublicKey.parse(JSON.parse(applicant.signingKey))
  return createSigned(
    store,
    administrator,
    { id: applicant.id, settings, pin, signingKey, signIn: signInOf(applicant) },
    (transaction) => {
      drop(transaction, getApplicant(store, applicantId), { keepKey: true })
      markFirstPin(transaction, applicant.id, false)
      noteOnline(transaction, applicant.id, applicant.askedAt)
    },
  )
}

/**
 * Links an officer to what the provider calls them. Somebody has to be left who administers without it.
 *
 * @throws OfficeError `identity.own-record`, `sign-in.last-unlinked`, `sign-in.subject-taken`, `store.changed-meanwhile`
 */
export async function linkApplicant(
  store: Store,
  administrator: Officer,
  { applicantId, ...edit }: OfficerEdit & { readonly applicantId: string },
): Promise<Officer> {
  const applicant = getApplicant(store, applicantId)
  if (applicant.officerId !== null && applicant.officerId !== edit.id) fail('store.changed-meanwhile')
  // Nobody makes a stranger's sign-in their own.
  if (edit.id === administrator.id) fail('identity.own-record')
  if (findOfficerOf(store, applicant) !== undefined) fail('sign-in.subject-taken')
  await keepAnUnlinkedAdministrator(store, edit.id)
  return changeSigned(
    store,
    administrator,
    edit,
    (before) => ({
      officer: { ...before, signIn: signInOf(applicant) },
      action: 'officer.linked',
      detail: { provider: applicant.providerId },
    }),
    (transaction) => {
      drop(transaction, getApplicant(store, applicantId), { keepKey: false })
      noteOnline(transaction, edit.id, applicant.askedAt)
    },
  )
}

/** @throws OfficeError `identity.own-record`, `store.changed-meanwhile` */
export async function unlinkOfficer(store: Store, administrator: Officer, edit: OfficerEdit): Promise<Officer> {
  if (edit.id === administrator.id) fail('identity.own-record')
  return changeSigned(store, administrator, edit, ({ signIn, ...before }) => ({
    officer: before,
    action: 'officer.unlinked',
    detail: { provider: signIn?.providerId ?? '' },
  }))
}

export function refuseApplicant(store: Store, administrator: Officer, applicantId: string): void {
  store.transaction(administrator.id, (transaction) => {
    const applicant = getApplicant(store, applicantId)
    drop(transaction, applicant, { keepKey: false })
    transaction.audit({
      action: 'sign-in.refused',
      subjectKind: 'signInProvider',
      subjectId: applicant.providerId,
      detail: { applicant: applicant.id },
    })
  })
}

/** A provider that is gone for good must not take the office with it. @throws OfficeError `sign-in.last-unlinked` */
async function keepAnUnlinkedAdministrator(store: Store, linkedId: string): Promise<void> {
  if (!store.get('officer', linkedId).roles.includes('administrator')) return
  for (const officer of allOfficers(store)) {
    const counts = officer.id !== linkedId && officer.state === 'active' && officer.roles.includes('administrator')
    if (counts && officer.signIn === undefined && (await isTrustedOfficer(store, officer))) return
  }
  fail('sign-in.last-unlinked')
}
