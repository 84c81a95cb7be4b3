import { type Authorisation, createAuthorisation } from './authorisation.ts'
import { type Behaviour, createFaults, type Faults } from './behaviour.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { createPeerClock, type PeerClock } from './peer-clock.ts'
import type { PeerOptions } from './peer-options.ts'
import { createSecurity, type Security } from './security/security.ts'

/** How many requests came, by what became of them. */
export interface Traffic {
  open: number
  disburse: number
  status: number
  token: number
  /** Times that its published keys were fetched. */
  keys: number
  /** Messages that had been accepted before. */
  duplicateMessages: number
  /** Payments that had been accepted before. */
  duplicateReferences: number
  faults: number
}

/** The payment system with everything it knows; the doors (protocol and control) work on it. */
export interface PaymentSystem {
  readonly options: PeerOptions
  readonly clock: PeerClock
  readonly ledger: Ledger
  readonly faults: Faults
  readonly security: Security
  readonly authorisation: Authorisation
  readonly traffic: Traffic
  behaviour: Behaviour
  /** Carries out what has fallen due. */
  settle(): void
}

export function openPaymentSystem(options: PeerOptions): PaymentSystem {
  const clock = createPeerClock()
  if (options.held) clock.hold()
  const ledger = openLedger(options.ledgerFile)
  return {
    options,
    clock,
    ledger,
    faults: createFaults(options.seed, options.rules),
    security: createSecurity(`${options.ledgerFile}.key`, options.receiverId, options.signatures, options.encryption),
    authorisation: createAuthorisation(options.authentication),
    traffic: {
      open: 0,
      disburse: 0,
      status: 0,
      token: 0,
      keys: 0,
      duplicateMessages: 0,
      duplicateReferences: 0,
      faults: 0,
    },
    behaviour: options.behaviour,
    settle: () => ledger.settle(clock.now()),
  }
}
