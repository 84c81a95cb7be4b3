import type { PaymentSystem } from '../payment-system/payment-system.ts'

/** Tells whoever sent a file that something happened to it; signed by nobody, and nobody waits for the answer. */
export function callAbout(
  { behaviour }: PaymentSystem,
  url: string | undefined,
  about: { readonly clientCorrelationId: string; readonly batchId: string },
): void {
  const { callbacks } = behaviour
  if (callbacks === null || url === undefined) return
  const body = JSON.stringify({ ...about, message: 'The Batch Aggregation API was complete with : 100.00' })
  const call = (): void => {
    const headers = { 'content-type': 'application/json' }
    // A sender that cannot be reached is told nothing, as by the hub itself after three tries.
    void fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
  }
  setTimeout(call, callbacks.late)
  if (callbacks.twice) setTimeout(call, callbacks.late + 10)
}
