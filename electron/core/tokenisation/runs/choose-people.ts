import { setImmediate as breathe } from 'node:timers/promises'
import { type Fault, OfficeError } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { OFFICE } from '../../store/store.ts'
import { addItems, withRefs } from './run-items.ts'
import type { RunParts } from './run-scene.ts'
import type { Run } from './run-store.ts'
import type { Source } from './source.ts'

/** People who are put into a run in one transaction. */
const SLICE = 500

/** Faults that pass by themselves. */
const mayPass = ({ code }: Fault): boolean => /^(http\.|odk\.failing$)/.test(code)

/**
 * Puts whoever is due into the run; begun again after a crash it goes on where it was.
 *
 * @returns why nobody could be chosen, where that may pass by itself
 */
export async function choosePeople(
  parts: RunParts,
  source: Source,
  connector: Connector,
  run: Run,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  const { store, time } = parts
  if (run.startedBy !== 'selection') {
    let ids: readonly string[]
    try {
      ids = await source.findDue(parts, connector, run, signal)
    } catch (error) {
      if (error instanceof OfficeError && mayPass(error.fault)) return error.fault
      throw error
    }
    const people = withRefs(ids)
    for (let from = 0; from < people.length; from += SLICE) {
      store.transaction(OFFICE, (transaction) => {
        const slice = people.slice(from, from + SLICE)
        const count = addItems(transaction, { runId: run.id, connectorId: connector.id }, slice, time.now())
        if (count === 0) return
        transaction.audit({
          action: 'tokenisation.people-chosen',
          subjectKind: 'tokenRun',
          subjectId: run.id,
          detail: { people: count },
        })
      })
      await breathe()
    }
  }
  store.housekeeping((sql) =>
    sql("UPDATE token_run SET state = 'sending' WHERE id = ? AND state = 'choosing'").run(run.id),
  )
  return undefined
}
