import { z } from 'zod'
import { isSamePlace, Place, placeOf, readInstallationFile, writeInstallationFile } from './installation-file.ts'
import type { Store, Transaction } from './store.ts'

/*
 * An office that moves to another laptop leaves this one behind. From the moment on which its last backup is begun nothing is
 * sent here any more. The store says so, and the file beside it, which an older store in the same folder does not take away.
 * The backup holds the beginning only: where it is put in place it is a moved store like any other (I11), and the
 * administrator's confirmation there ends the matter.
 */

const Retirement = z.object({
  /** When it was begun, epoch milliseconds. */
  at: z.number(),
  officerId: z.string(),
  place: Place,
  /** Change sequence of the store before it: backups that are older do not matter. */
  sequence: z.number(),
  /** Every folder into which a last backup was or may have been written. */
  folders: z.array(z.string()),
  /** The last backup, once it was written and read back; from then on there is no way back. */
  backup: z.object({ path: z.string(), madeAt: z.number(), bytes: z.number() }).nullable(),
})
export type Retirement = z.infer<typeof Retirement>

const RETIREMENT = 'retirement'

/** As the store has it, wherever that lies. */
export function findRetirement(store: Pick<Store, 'findMark'>): Retirement | undefined {
  const mark = store.findMark(RETIREMENT)
  return mark === undefined || mark === '' ? undefined : Retirement.parse(JSON.parse(mark))
}

/** Whether nothing may be sent from this folder any more, for good or until the move was given up. */
export function isRetired(store: Pick<Store, 'findMark'>, directory: string): boolean {
  const here = placeOf(directory)
  const file = readInstallationFile(directory)
  if (file?.retired === true && isSamePlace(file, here)) return true
  const retirement = findRetirement(store)
  // A store that went away whole stays away wherever it is copied; the last backup of it has only the beginning.
  return retirement !== undefined && (retirement.backup !== null || isSamePlace(retirement.place, here))
}

export function noteRetirement(transaction: Transaction, retirement: Retirement): void {
  transaction.mark(RETIREMENT, JSON.stringify(retirement))
}

/** The office goes on, here or where its last backup was put in place. */
export function endRetirement(transaction: Transaction): void {
  transaction.mark(RETIREMENT, '')
}

/** Says it beside the store, too. @throws OfficeError `store.disk-full`, `store.read-only` */
export function sayRetired(directory: string, retired: boolean): void {
  const file = readInstallationFile(directory)
  // Without the file the store is in doubt anyway.
  if (file !== undefined) writeInstallationFile(directory, { ...file, retired })
}
