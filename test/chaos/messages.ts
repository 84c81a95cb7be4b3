import type { Result } from '../../shared/contract/result.ts'
import type { PaymentHubSettings } from '../../shared/model/payment-hub.ts'
import type { PaymentManager } from '../../shared/model/payment-manager.ts'

/** What the core's process is told when it starts; over the IPC channel, so that no key shows in the list of processes. */
export interface CoreStart {
  readonly directory: string
  /** Hex. */
  readonly key: string
  /** How long a minute of waiting lasts, milliseconds. */
  readonly minute: number
  /** How far the clock is off at the start, milliseconds. */
  readonly ahead: number
}

export interface Furnish {
  /** Receiver profile, addresses and what else is set for this run. */
  readonly settings: Pick<
    PaymentManager,
    'profile' | 'paymentEndpointUrl' | 'statusEndpointUrl' | 'envelopeUrl' | 'envelopeStatusUrl' | 'mode' | 'statusBy'
  > &
    Partial<Pick<PaymentManager, 'kind' | 'payerAddress'>> & { readonly paymentHub?: PaymentHubSettings }
  readonly proven: boolean
  readonly batches: number
  readonly payments: number
}

/** A question with its number left out. */
export type Unnumbered<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never

/** An officer's call through the API. */
export interface CoreCall {
  readonly do: 'call'
  readonly id: number
  readonly officer: string
  readonly path: string
  readonly type: 'query' | 'mutation'
  readonly input: unknown
}

/** From the driver. */
export type ToCore =
  | { readonly do: 'start'; readonly start: CoreStart }
  | { readonly do: 'furnish'; readonly id: number; readonly furnish: Furnish }
  | CoreCall
  | { readonly do: 'jump'; readonly ahead: number }
  | { readonly do: 'cut-line'; readonly cut: boolean }
  | { readonly do: 'state'; readonly id: number }
  | { readonly do: 'close' }

export interface PaymentNow {
  readonly id: string
  readonly personId: string
  readonly batchId: string
  readonly state: string
}

export interface StateNow {
  readonly payments: readonly PaymentNow[]
  readonly jobs: readonly {
    readonly id: string
    readonly kind: string
    readonly key: string
    readonly state: string
    readonly code: string
  }[]
  readonly doubt: string
  readonly audit: Readonly<Record<string, number>>
}

/** What left the core and was not answered yet. */
export interface UnderWay {
  /** Writes to the claims of a district. */
  readonly claims: number
  /** Messages with payments. */
  readonly posts: number
}

export type FromCore =
  | { readonly from: 'under-way'; readonly underWay: UnderWay }
  | { readonly from: 'ready'; readonly doubt: string; readonly cutOff: number }
  | { readonly from: 'answer'; readonly id: number; readonly result: Result<unknown> }
