import { fail, OfficeError } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import { type SignInProvider, SignInProviderSettings } from '../../../../shared/model/sign-in-provider.ts'
import type { Store } from '../../store/store.ts'
import { allConnectors, allProviders, openSignatory, signProvider } from '../signed-change.ts'
import type { SignedProvider } from '../trust.ts'
import { putProviderSecret } from './provider-keys.ts'
import { checkProvider, type ProviderFinding } from './settings-check.ts'

export interface ProviderEdit {
  /** Null makes a new one. */
  readonly id: string | null
  /** `changedAt` of the record on the screen; null for a new one. */
  readonly basedOn: string | null
  readonly pin: string
}

/** What is wrong with settings; nothing is kept. */
export const previewProvider = (store: Store, id: string | null, settings: unknown): ProviderFinding[] =>
  checkProvider(settings, {
    isNameTaken: (name) => allProviders(store).some((other) => other.id !== id && other.name === name),
    isTypeTaken: (type) =>
      allProviders(store).some((other) => other.id !== id && other.subjectType === type) ||
      allConnectors(store).some(({ vidType, tokenType }) => vidType === type || tokenType === type),
  })

/**
 * Makes or changes a provider; the record carries the administrator's signature, since whoever changes its addresses says who
 * the officers are.
 *
 * @throws OfficeError the first of {@link previewProvider}, `store.changed-meanwhile`, `identity.wrong-pin`
 */
export async function saveProvider(
  store: Store,
  administrator: Officer,
  edit: ProviderEdit & { readonly settings: SignInProviderSettings },
): Promise<SignInProvider> {
  const before = edit.id === null ? undefined : store.get('signInProvider', edit.id)
  const settings = SignInProviderSettings.parse(edit.settings)
  const [wrong] = previewProvider(store, edit.id, settings)
  if (wrong !== undefined) throw new OfficeError({ code: wrong.code, params: { field: wrong.path } })
  const provider: SignedProvider = {
    ...settings,
    id: edit.id ?? newId(),
    removed: false,
    state: before?.state ?? 'active',
    signature: '',
  }
  const action = before === undefined ? 'sign-in.provider-created' : 'sign-in.provider-changed'
  return writeSigned(store, administrator, edit, before, provider, action)
}

/**
 * Nobody signs in by a suspended provider; its officers work by PIN, without a limit and with all their roles.
 *
 * @throws OfficeError `store.changed-meanwhile`, `identity.wrong-pin`
 */
export async function setProviderState(
  store: Store,
  administrator: Officer,
  edit: ProviderEdit & { readonly id: string; readonly state: SignInProvider['state'] },
): Promise<SignInProvider> {
  const before = store.get('signInProvider', edit.id)
  const action = edit.state === 'suspended' ? 'sign-in.provider-suspended' : 'sign-in.provider-resumed'
  return writeSigned(store, administrator, edit, before, { ...before, state: edit.state }, action)
}

async function writeSigned(
  store: Store,
  administrator: Officer,
  { basedOn, pin }: ProviderEdit,
  before: SignInProvider | undefined,
  provider: SignedProvider,
  action: string,
): Promise<SignInProvider> {
  if (before !== undefined && (before.changedAt !== basedOn || before.removed)) fail('store.changed-meanwhile')
  const signed = await signProvider(await openSignatory(store, administrator, pin), provider, before)
  return store.transaction(administrator.id, (transaction) => {
    // The signature took a moment in which somebody else may have written.
    if (transaction.find('signInProvider', signed.id)?.changedAt !== before?.changedAt) fail('store.changed-meanwhile')
    const record = transaction.put('signInProvider', signed)
    transaction.audit({
      action,
      subjectKind: 'signInProvider',
      subjectId: record.id,
      detail: { host: new URL(record.metadataUrl).host },
    })
    return record
  })
}

/** The secret of a client that has one; it goes in and never comes out. */
export function setProviderSecret(store: Store, administrator: Officer, id: string, secret: string): void {
  store.get('signInProvider', id)
  store.transaction(administrator.id, (transaction) => {
    putProviderSecret(transaction, id, secret)
    transaction.audit({ action: 'sign-in.secret-set', subjectKind: 'signInProvider', subjectId: id })
  })
}
