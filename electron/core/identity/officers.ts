import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Officer, PublicKey, Role } from '../../../shared/model/officer.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import type { Store, Transaction } from '../store/store.ts'
import { makeOfficerKey, openOfficerKey, sealOfficerKey, storeOfficerKey } from './officer-keys.ts'
import { findUnconfirmedResetter, forgetPinFailures, markFirstPin, markResetter } from './pin-marks.ts'
import { allOfficers, openSignatory, type Signatory, signChangedOfficer, writeSignedChange } from './signed-change.ts'
import { isTrustedOfficer, ROOT, type SignedOfficer } from './trust.ts'

/** What an administrator decides about an officer. */
export interface OfficerSettings {
  readonly name: string
  readonly login: string
  readonly roles: readonly Role[]
}

/** A record as its editor saw it, and the PIN of the administrator who changes it. */
export interface OfficerEdit {
  readonly id: string
  /** `changedAt` of the record on the screen. */
  readonly basedOn: string
  readonly pin: string
}

/**
 * A new officer with a key of their own, sealed under a first PIN that must be changed at the first sign-in. The
 * administrator knows that PIN, so stands among the officer's sponsors for ever (I7).
 *
 * @throws OfficeError `identity.login-taken`, `identity.weak-pin`, `identity.wrong-pin`, `text.*`
 */
export async function createOfficer(
  store: Store,
  administrator: Officer,
  settings: OfficerSettings & { readonly firstPin: string; readonly pin: string },
): Promise<Officer> {
  const id = newId()
  const { signingKey, sealed } = await makeOfficerKey(id, settings.firstPin)
  return createSigned(store, administrator, { id, settings, pin: settings.pin, signingKey }, (transaction) => {
    storeOfficerKey(transaction, id, sealed)
    markFirstPin(transaction, id, true)
  })
}

/**
 * A new officer, under the administrator's signature.
 *
 * @param alongside runs in the same transaction
 * @throws OfficeError `identity.login-taken`, `identity.wrong-pin`, `text.*`
 */
export async function createSigned(
  store: Store,
  administrator: Officer,
  made: {
    readonly id: string
    readonly settings: OfficerSettings
    readonly pin: string
    readonly signingKey: PublicKey
    readonly signIn?: NonNullable<Officer['signIn']>
  },
  alongside: (transaction: Transaction) => void,
): Promise<Officer> {
  const { id, settings, pin, signingKey, signIn } = made
  const checked = checkSettings(store, id, settings)
  const signatory = await openSignatory(store, administrator, pin)
  const change = await signChangedOfficer(store, signatory, {
    ...checked,
    id,
    removed: false,
    state: 'active',
    signingKey,
    sponsors: [administrator.id],
    ...(signIn === undefined ? {} : { signIn }),
    signature: '',
  })
  return store.transaction(administrator.id, (transaction) => {
    checkSettings(store, id, settings)
    writeSignedChange(transaction, change)
    alongside(transaction)
    audit(transaction, 'officer.created', id, { roles: checked.roles })
    return transaction.get('officer', id)
  })
}

/** @throws OfficeError `identity.own-record`, `identity.last-administrator`, `store.changed-meanwhile` and those of {@link createOfficer} */
export async function changeOfficer(
  store: Store,
  administrator: Officer,
  edit: OfficerEdit & OfficerSettings,
): Promise<Officer> {
  const checked = checkSettings(store, edit.id, edit)
  return changeSigned(store, administrator, edit, (before, signatory) => {
    if (before.id === administrator.id && signatory.name !== ROOT) fail('identity.own-record')
    return { officer: { ...before, ...checked }, action: 'officer.changed', detail: { roles: checked.roles } }
  })
}

/**
 * Suspends an officer, who is signed out at once, or takes that back. An officer whose reset nobody confirmed waits for
 * that again.
 *
 * @throws OfficeError `identity.own-record`, `identity.last-administrator`, `store.changed-meanwhile`
 */
export async function setOfficerState(
  store: Store,
  administrator: Officer,
  edit: OfficerEdit & { readonly state: 'active' | 'suspended' },
): Promise<Officer> {
  return changeSigned(store, administrator, edit, (before) => {
    if (before.id === administrator.id) fail('identity.own-record')
    if (edit.state === 'suspended') {
      return { officer: { ...before, state: 'suspended' }, action: 'officer.suspended', detail: {} }
    }
    if (before.state !== 'suspended') fail('store.changed-meanwhile')
    const waits = findUnconfirmedResetter(store, before.id) !== undefined
    return { officer: { ...before, state: waits ? 'unapproved' : 'active' }, action: 'officer.reactivated', detail: {} }
  })
}

/**
 * A new key under a new first PIN for an officer who forgot theirs. It counts once a second administrator has confirmed
 * it; where there is no other administrator it counts at once, and the trail says so.
 *
 * @throws OfficeError `identity.own-record`, `identity.weak-pin`, `identity.would-break-trust`, `store.changed-meanwhile`
 */
export async function resetPin(
  store: Store,
  administrator: Officer,
  edit: OfficerEdit & { readonly firstPin: string },
): Promise<Officer> {
  if (edit.id === administrator.id) fail('identity.own-record')
  const { signingKey, sealed } = await makeOfficerKey(edit.id, edit.firstPin)
  const alone = !(await hasOtherAdministrator(store, [administrator.id, edit.id]))
  return changeSigned(
    store,
    administrator,
    edit,
    (before) => {
      const state = before.state === 'suspended' ? 'suspended' : alone ? 'active' : 'unapproved'
      const sponsors = [...before.sponsors.filter((id) => id !== administrator.id), administrator.id]
      return {
        officer: { ...before, signingKey, sponsors, state },
        action: 'officer.pin-reset',
        detail: { confirmed: alone ? 'no-other-administrator' : 'awaited' },
      }
    },
    (transaction) => {
      storeOfficerKey(transaction, edit.id, sealed)
      markFirstPin(transaction, edit.id, true)
      markResetter(transaction, edit.id, alone ? '' : administrator.id)
      forgetPinFailures(transaction, edit.id)
    },
  )
}

/**
 * A second administrator vouches that a reset was asked for by the officer.
 *
 * @throws OfficeError `identity.nothing-to-confirm`, `identity.confirmed-by-resetter`, `identity.own-record`
 */
export async function confirmReset(store: Store, administrator: Officer, edit: OfficerEdit): Promise<Officer> {
  return changeSigned(
    store,
    administrator,
    edit,
    (before) => {
      if (before.state !== 'unapproved') fail('identity.nothing-to-confirm')
      if (before.id === administrator.id) fail('identity.own-record')
      const resetter = findUnconfirmedResetter(store, before.id) ?? before.sponsors.at(-1)
      if (resetter === administrator.id) fail('identity.confirmed-by-resetter')
      return { officer: { ...before, state: 'active' }, action: 'officer.reset-confirmed', detail: {} }
    },
    (transaction) => markResetter(transaction, edit.id, ''),
  )
}

/**
 * An officer's own change of PIN; the key stays the same.
 *
 * @throws OfficeError `identity.wrong-pin`, `identity.weak-pin`, `identity.same-pin`
 */
export async function changeOwnPin(store: Store, officer: Officer, pin: string, newPin: string): Promise<void> {
  const key = await openOfficerKey(store, officer.id, pin)
  if (pin === newPin) fail('identity.same-pin')
  const sealed = await sealOfficerKey(officer.id, key, newPin)
  store.transaction(officer.id, (transaction) => {
    if (transaction.get('officer', officer.id).signingKey.x !== officer.signingKey.x) fail('store.changed-meanwhile')
    storeOfficerKey(transaction, officer.id, sealed)
    markFirstPin(transaction, officer.id, false)
    audit(transaction, 'officer.pin-changed', officer.id)
  })
}

interface Changed {
  readonly officer: SignedOfficer
  readonly action: string
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * Writes a changed officer under the administrator's signature, with what has to be signed anew because of it.
 *
 * @throws OfficeError `store.changed-meanwhile`, `identity.wrong-pin`, `identity.last-administrator`, `identity.would-break-trust`
 */
export async function changeSigned(
  store: Store,
  administrator: Officer,
  { id, basedOn, pin }: OfficerEdit,
  change: (before: Officer, signatory: Signatory) => Changed,
  alongside: (transaction: Transaction) => void = () => undefined,
): Promise<Officer> {
  const before = store.get('officer', id)
  if (before.changedAt !== basedOn) fail('store.changed-meanwhile')
  const signatory = await openSignatory(store, administrator, pin)
  const { officer, action, detail } = change(before, signatory)
  await keepAnAdministrator(store, before, officer)
  const signed = await signChangedOfficer(store, signatory, officer)
  return store.transaction(administrator.id, (transaction) => {
    writeSignedChange(transaction, signed)
    alongside(transaction)
    const signedAgain =
      signed.officers.length + signed.managers.length + signed.connectors.length + signed.providers.length - 1
    audit(transaction, action, id, { ...detail, signedAgain })
    return transaction.get('officer', id)
  })
}

const audit = (transaction: Transaction, action: string, id: string, detail: Record<string, unknown> = {}): void =>
  transaction.audit({ action, subjectKind: 'officer', subjectId: id, detail })

const isAdministrator = ({ roles, state }: Pick<Officer, 'roles' | 'state'>): boolean =>
  roles.includes('administrator') && state === 'active'

async function hasOtherAdministrator(store: Store, except: readonly string[]): Promise<boolean> {
  for (const officer of allOfficers(store)) {
    if (isAdministrator(officer) && !except.includes(officer.id) && (await isTrustedOfficer(store, officer)))
      return true
  }
  return false
}

/** @throws OfficeError `identity.last-administrator` */
async function keepAnAdministrator(store: Store, before: Officer, after: SignedOfficer): Promise<void> {
  if (!isAdministrator(before) || isAdministrator(after)) return
  if (!(await hasOtherAdministrator(store, [before.id]))) fail('identity.last-administrator')
}

/** @throws OfficeError `identity.login-taken`, `text.*` */
function checkSettings(store: Store, id: string, { name, login, roles }: OfficerSettings) {
  const cleaned = { name: clean(name), login: clean(login), roles: [...new Set(roles)] }
  const key = cleaned.login.toLocaleLowerCase('und')
  if (allOfficers(store).some((other) => other.id !== id && other.login.toLocaleLowerCase('und') === key)) {
    fail('identity.login-taken')
  }
  return cleaned
}

function clean(line: string): string {
  const { text, problems } = cleanLine(line)
  const [problem] = problems
  if (problem !== undefined) fail(problem.code, problem.params)
  return text
}
