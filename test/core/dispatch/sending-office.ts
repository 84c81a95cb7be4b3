import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Callbacks } from '../../../electron/core/callbacks/callbacks.ts'
import { type OfficeStanding, openClaims, openStanding } from '../../../electron/core/central/claims/open-claims.ts'
import { channelCallers } from '../../../electron/core/channels/channels.ts'
import type { OfficeTime } from '../../../electron/core/clock/office-time.ts'
import { type OpenDispatch, openDispatch } from '../../../electron/core/dispatch/open-dispatch.ts'
import { ASKS_NOBODY, type PayeeAddresses } from '../../../electron/core/dispatch/payee-addresses.ts'
import { createHttp, type Http } from '../../../electron/core/http/http.ts'
import { Sessions } from '../../../electron/core/identity/sessions.ts'
import { Store } from '../../../electron/core/store/store.ts'
import type { Payment, PaymentState } from '../../../shared/model/payment.ts'

/** A minute of waiting lasts so many milliseconds here. */
export const MINUTE = 40

/** The machine's time, with minutes that pass quickly and a clock that can be moved. */
export interface MovableTime extends OfficeTime {
  jump(milliseconds: number): void
  /** `elapsed` stands still: whatever is done, no time goes by between two look-ups. */
  hold(): void
}

export function quickTime(minute = MINUTE): MovableTime {
  let ahead = 0
  let heldAt: number | undefined
  const elapsed = (): number => Number(process.hrtime.bigint() / 1_000_000n)
  return {
    now: () => Date.now() + ahead,
    elapsed: () => heldAt ?? elapsed(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
    minute,
    jump(milliseconds) {
      ahead += milliseconds
    },
    hold() {
      heldAt = elapsed()
    },
  }
}

/** A store and everything that sends over it, in a folder of its own; can be closed and opened again. */
export interface SendingOffice extends OpenDispatch {
  readonly store: Store
  readonly http: Http
  readonly time: MovableTime
  readonly directory: string
  readonly key: Uint8Array
  /** Nothing replicates in these tests. */
  readonly isAtServer: () => true
  readonly callbacks: Callbacks
  /** How it stands among the offices of a district, where it has a central server. */
  readonly standing: OfficeStanding
  /** Closes in order; the folder stays. */
  shut(): Promise<void>
}

export const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'sending-'))
export const removeDirectory = (directory: string): void => rmSync(directory, { recursive: true, force: true })

export function openSendingOffice(
  directory: string,
  {
    key = randomBytes(32),
    time = quickTime(),
    training = true,
    addresses = ASKS_NOBODY,
  }: { key?: Uint8Array; time?: MovableTime; training?: boolean; addresses?: PayeeAddresses } = {},
): SendingOffice {
  const store = new Store({ file: join(directory, 'office.db'), key: { bytes: key }, now: time.now })
  const http = createHttp({ clock: time })
  const sessions = new Sessions(store, { usualAutoLock: 0 })
  const parts = openDispatch({
    store,
    directory,
    http,
    sessions,
    training,
    time,
    addresses,
    claimsOver: (guards) => openClaims({ store, http, time, isAtServer: () => true, ...guards }),
  })
  const { guard, clockGuard, scheduler } = parts
  const report = (error: unknown): void => console.error(error)
  const callbacks = new Callbacks({ store, scheduler: parts.scheduler, http, time, report })
  for (const caller of channelCallers) callbacks.register(caller, (call) => parts.dispatch.applyCallback(call))
  return {
    ...parts,
    store,
    http,
    time,
    directory,
    key,
    callbacks,
    isAtServer: () => true,
    standing: openStanding({
      store,
      http,
      time,
      guard,
      clockGuard,
      scheduler,
      care: parts.dispatch.care,
      isAtServer: () => true,
      startAnew: async () => undefined,
    }),
    async shut() {
      await callbacks.close()
      await parts.close()
      http.close()
      sessions.close()
      store.close()
    },
  }
}

/** Waits until something holds; fails with what it was waiting for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limit = 60_000): Promise<void> {
  const end = Date.now() + limit
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

export const paymentsOf = ({ store }: { store: Store }, batchId: string): Payment[] =>
  (store.sql('SELECT body FROM payment WHERE batch_id = ? ORDER BY id').pluck().all(batchId) as string[]).map(
    (body) => JSON.parse(body) as Payment,
  )

export function statesOf(office: { store: Store }, batchId: string): Partial<Record<PaymentState, number>> {
  const counts: Partial<Record<PaymentState, number>> = {}
  for (const { state } of paymentsOf(office, batchId)) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
