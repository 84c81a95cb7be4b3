import { z } from 'zod'
import { FarAs } from '../../../../shared/model/central-file.ts'
import type { Store } from '../../store/store.ts'

/*
 * How far each office has what another one wrote. Both marks are maps by installation: what this office took in from others'
 * files, and what others told that they have of this office's.
 */

const IMPORTED = 'central-files-imported'
const ACKNOWLEDGED = 'central-files-acknowledged'
/** Versions up to this sequence may be elsewhere; a trigger keeps what they were (`migrations/initial/central.ts`). */
const HORIZON = 'central-files-horizon'
/** While a file is taken in, every version may be elsewhere. */
const ALL = String(Number.MAX_SAFE_INTEGER)

type Marks = Pick<Store, 'findMark'>
type SetMark = (key: string, value: string) => void

const Far = z.record(z.string(), FarAs)

const read = (store: Marks, key: string): Record<string, FarAs> => {
  const kept = store.findMark(key)
  return kept === undefined ? {} : Far.parse(JSON.parse(kept))
}

/** What this office has of others' files. */
export const importedFrom = (store: Marks): Record<string, FarAs> => read(store, IMPORTED)

export const noteImported = (store: Marks, mark: SetMark, installationId: string, far: FarAs): void =>
  mark(
    IMPORTED,
    JSON.stringify({ ...read(store, IMPORTED), [installationId]: later(read(store, IMPORTED)[installationId], far) }),
  )

/** The sequence up to which an installation has what this store of this epoch wrote; 0 when it never told. */
export function acknowledgedBy(store: Marks, installationId: string, epoch: number): number {
  const far = read(store, ACKNOWLEDGED)[installationId]
  // After a restore the same numbers stand for other changes.
  return far?.epoch === epoch ? far.sequence : 0
}

export const noteAcknowledged = (store: Marks, mark: SetMark, installationId: string, far: FarAs): void =>
  mark(
    ACKNOWLEDGED,
    JSON.stringify({
      ...read(store, ACKNOWLEDGED),
      [installationId]: later(read(store, ACKNOWLEDGED)[installationId], far),
    }),
  )

const later = (known: FarAs | undefined, far: FarAs): FarAs =>
  known === undefined || far.epoch > known.epoch || (far.epoch === known.epoch && far.sequence > known.sequence)
    ? far
    : known

/** Whether everything that a file holds is here already. */
export function isImported(store: Marks, installationId: string, epoch: number, upTo: number): boolean {
  const far = importedFrom(store)[installationId]
  return far !== undefined && far.epoch === epoch && upTo <= far.sequence
}

/** Everything that was written up to now may be elsewhere. */
export const widenHorizon = (store: Marks, mark: SetMark, sequence: number): void =>
  mark(HORIZON, String(Math.max(sequence, horizonOf(store))))

const horizonOf = (store: Marks): number => {
  const kept = store.findMark(HORIZON)
  return kept === undefined || kept === ALL ? 0 : Number(kept)
}

/** From now on, until {@link closeHorizon}. */
export const openHorizon = (mark: SetMark): void => mark(HORIZON, ALL)
export const closeHorizon = (mark: SetMark, sequence: number): void => mark(HORIZON, String(sequence))
