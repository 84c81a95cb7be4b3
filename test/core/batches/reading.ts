import { checkBatch } from '../../../electron/core/batches/check.ts'
import { type Database, openDatabase, type Statement } from '../../../electron/core/store/database.ts'
import type { ReadContext } from '../../../electron/core/store/read-query.ts'
import { DAY, type District } from '../district.ts'

/** What a reading thread works with, over the district's store; what it remembers goes with it. */
export interface Reading {
  readonly context: ReadContext
  /** Bodies of registrants that were read since this was asked last. */
  takeRegistrantsRead(): number
}

export function openReading(district: District): { anew(): Reading; close(): void } {
  const database = openDatabase(district.office.store.file, { bytes: new Uint8Array(32).fill(5) }, 'read')
  return { anew: () => reading(database), close: () => void database.close() }
}

function reading(database: Database): Reading {
  const statements = new Map<string, Statement>()
  let read = 0
  const sql = (text: string): Statement => {
    const statement = statements.get(text) ?? database.prepare(text)
    statements.set(text, statement)
    if (!text.startsWith('SELECT body FROM registrant ')) return statement
    return new Proxy(statement, {
      get: (target, name) => {
        if (name === 'pluck') return () => ({ all: (...params: unknown[]) => counted(target.pluck().all(...params)) })
        return Reflect.get(target, name)
      },
    })
  }
  const counted = <T>(rows: T[]): T[] => {
    read += rows.length
    return rows
  }
  return {
    context: { database, sql },
    takeRegistrantsRead() {
      const all = read
      read = 0
      return all
    },
  }
}

/** Runs a long read to its end. @param between runs after each slice */
export function drain<T>(read: Generator<number, T>, between: () => void = () => undefined): T {
  for (;;) {
    const step = read.next()
    if (step.done) return step.value
    between()
  }
}

export const checkIn = (
  { context }: Reading,
  { cycleId }: Pick<District, 'cycleId'>,
  batchId: string,
  day: string = DAY,
  between?: () => void,
) => drain(checkBatch(context, { batchId, cycleId, day }), between)
