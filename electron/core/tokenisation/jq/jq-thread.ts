import { parentPort } from 'node:worker_threads'
import { type Jq, JqError, loadJq } from 'jq-wasm/inline'

/** A program over inputs, one result each, or a look whether programs compile. */
export interface ToJq {
  readonly id: number
  readonly inputs: readonly unknown[] | null
  readonly programs: readonly string[]
}

export interface FromJq {
  readonly id: number
  /** One for each input; null where there is none, as the seeder has it. */
  readonly results: readonly unknown[] | null
  /** What jq says is wrong with a program. */
  readonly error: string | null
}

/** A call costs some milliseconds whatever it does, so all inputs go in one. */
const OVER_ALL = (program: string): string => `[.[] | (try ([limit(1; (${program}\n))] | .[0]) catch null)]`

async function answer(jq: Jq, { id, inputs, programs }: ToJq): Promise<FromJq> {
  for (const program of programs) {
    if (inputs === null) {
      const { exitCode, stderr } = jq.raw(null, program)
      if (exitCode !== 0) return { id, results: null, error: stderr }
    }
  }
  if (inputs === null) return { id, results: null, error: null }
  try {
    return { id, results: jq.first<unknown[]>([...inputs], OVER_ALL(programs[0] ?? '.')) ?? [], error: null }
  } catch (error) {
    if (error instanceof JqError) return { id, results: null, error: error.stderr }
    throw error
  }
}

const jq = loadJq()
parentPort?.on('message', async (message: ToJq) => parentPort?.postMessage(await answer(await jq, message)))
// The time of a program counts from here.
await jq
parentPort?.postMessage({ id: 0, results: null, error: null } satisfies FromJq)
