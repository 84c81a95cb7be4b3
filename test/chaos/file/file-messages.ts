import type { CoreCall, CoreStart } from '../messages.ts'

/** From the driver of a run with payments by file. */
export type ToFileCore =
  | { readonly do: 'start'; readonly start: CoreStart }
  | {
      readonly do: 'furnish'
      readonly id: number
      readonly form: 'csv' | 'pain.001'
      readonly batches: number
      readonly payments: number
    }
  | CoreCall
  | { readonly do: 'jump'; readonly ahead: number }
  | { readonly do: 'state'; readonly id: number }
  | { readonly do: 'close' }

export interface FileState {
  readonly payments: readonly {
    readonly id: string
    readonly batchId: string
    readonly state: string
    readonly code: string
  }[]
  readonly batches: readonly { readonly id: string; readonly state: string }[]
  readonly doubt: string
  readonly unknown: number
}
