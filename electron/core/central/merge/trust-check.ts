import type { Fault } from '../../../../shared/contract/result.ts'
import { Decision } from '../../../../shared/model/batch.ts'
import { Officer } from '../../../../shared/model/officer.ts'
import { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import { Connector } from '../../../../shared/model/tokenisation.ts'
import type { SubmissionHead } from '../../batches/batch-standing.ts'
import { isSignedDecision } from '../../batches/decision-jws.ts'
import { findSigner } from '../../identity/signatures.ts'
import {
  isTrustedConnector,
  isTrustedManager,
  isTrustedOfficer,
  isTrustedProvider,
  ROOT,
} from '../../identity/trust.ts'
import type { Store } from '../../store/store.ts'
import type { Incoming } from './incoming.ts'

/** Whether a signed record may be used. */
export type Trust =
  | { readonly kind: 'good' }
  /** What would tell has not arrived yet. */
  | { readonly kind: 'arriving' }
  | { readonly kind: 'refused'; readonly fault: Fault }

const GOOD: Trust = { kind: 'good' }
const ARRIVING: Trust = { kind: 'arriving' }

const refused = (code: Fault['code'], params: Fault['params'] = {}): Trust => ({
  kind: 'refused',
  fault: { code, params },
})

/** Kinds that carry somebody's signature and are used only once it has verified. */
export const isSignedKind = (kind: Incoming['kind']): boolean =>
  kind === 'officer' ||
  kind === 'paymentManager' ||
  kind === 'connector' ||
  kind === 'signInProvider' ||
  kind === 'decision'

/** Checks the signature of an officer, a manager, a connector, a sign-in provider or a decision against what the office knows now. */
export async function checkTrust(store: Store, { kind, record, deleted }: Incoming): Promise<Trust> {
  if (deleted) return GOOD
  switch (kind) {
    case 'officer': {
      const officer = Officer.safeParse(record)
      if (!officer.success) return GOOD
      if (await isTrustedOfficer(store, officer.data)) return GOOD
      return isSignerKnown(store, officer.data.signature) ? refused('central.officer-untrusted') : ARRIVING
    }
    case 'paymentManager': {
      const manager = PaymentManager.safeParse(record)
      if (!manager.success) return GOOD
      if (await isTrustedManager(store, manager.data)) return GOOD
      return isSignerKnown(store, manager.data.signature) ? refused('central.manager-untrusted') : ARRIVING
    }
    case 'connector': {
      const connector = Connector.safeParse(record)
      if (!connector.success) return GOOD
      if (await isTrustedConnector(store, connector.data)) return GOOD
      return isSignerKnown(store, connector.data.signature) ? refused('central.connector-untrusted') : ARRIVING
    }
    case 'signInProvider': {
      const provider = SignInProvider.safeParse(record)
      if (!provider.success) return GOOD
      if (await isTrustedProvider(store, provider.data)) return GOOD
      return isSignerKnown(store, provider.data.signature) ? refused('central.sign-in-provider-untrusted') : ARRIVING
    }
    case 'decision': {
      const decision = Decision.safeParse(record)
      // What does not even fit its schema is refused as that.
      return decision.success ? checkDecision(store, decision.data) : GOOD
    }
    default:
      return GOOD
  }
}

function isSignerKnown(store: Store, signature: string): boolean {
  const signer = findSigner(signature)
  return signer === undefined || signer === ROOT || store.find('officer', signer) !== undefined
}

async function checkDecision(store: Store, decision: Decision): Promise<Trust> {
  const officer = store.find('officer', decision.officerId)
  const head = store.sql('SELECT head FROM submission WHERE id = ?').pluck().get(decision.submissionId) as
    | string
    | undefined
  if (officer === undefined || head === undefined) return ARRIVING
  const submission = JSON.parse(head) as SubmissionHead
  const fits =
    decision.batchId === submission.batchId &&
    decision.submissionNumber === submission.number &&
    decision.digest === submission.digest
  const signed =
    fits && (await isSignedDecision(decision, officer.signingKey)) && (await isTrustedOfficer(store, officer))
  return signed ? GOOD : refused('central.decision-invalid')
}
