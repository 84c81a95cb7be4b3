import type { Store } from '../core/store/store.ts'

/** Where a server of the training office listens, or listened before: it may be asked there, and is not reached, until it is up again. */
export function originOf(store: Pick<Store, 'findMark'>, mark: string, port: number | undefined): string[] {
  const known = port ?? Number(store.findMark(mark) ?? 0)
  return known === 0 ? [] : [`http://127.0.0.1:${known}`]
}

/** Starts a server on the port that it had before where that is free. */
export async function onItsPort<P extends { readonly port: number }>(
  store: Pick<Store, 'findMark' | 'housekeeping'>,
  mark: string,
  start: (port: number) => Promise<P>,
): Promise<P> {
  const before = Number(store.findMark(mark) ?? 0)
  const started = await start(before).catch((error: unknown) => {
    if (before === 0) throw error
    return start(0)
  })
  if (started.port !== before) store.housekeeping((_, put) => put(mark, String(started.port)))
  return started
}
