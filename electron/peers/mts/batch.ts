import { deliver } from './callbacks.ts'
import type { MtsFault } from './faults.ts'
import { type IdAnswer, type IdentitySystem, UNREACHABLE } from './identity-system.ts'
import { formatAll } from './output-format.ts'
import { type KeptRecord, statedVid } from './record.ts'
import type { AcceptedRequest } from './request-check.ts'

/** What the format's program sees of one record. */
interface Row {
  readonly input: object
  readonly output: { readonly vid: string | null; readonly status: 'processed' | 'error' | 'invalid' } & IdAnswer
}

/** An accepted request. */
export interface Batch {
  readonly id: string
  readonly request: AcceptedRequest
  readonly records: readonly KeptRecord[]
  readonly fault: MtsFault | undefined
  status: string
  /** Formatted; undefined until it is processed. */
  results: readonly unknown[] | undefined
}

/** What surrounds a batch. */
export interface Surroundings {
  readonly ids: IdentitySystem
  readonly random: () => number
  /** What the request before got, for who delivers it once more. */
  readonly earlier: readonly unknown[]
  isKnown(): boolean
  called(): void
}

/** Asks the ID system about every valid record, one after the other, and formats what came. */
export async function process(batch: Batch, { ids, random, earlier }: Surroundings): Promise<void> {
  const { request, fault } = batch
  batch.status = 'processing'
  const rows = distortedRows(
    batch.records.map((record) => rowOf(record, ids, request.lang, fault)),
    fault,
    random,
  )
  const hasFailed = rows.some(({ output }) => output.status !== 'processed')
  const formatted = fault?.do === 'empty' ? rows.map(() => null) : await formatAll(rows, request.outputFormat)
  batch.results = distortedResults(formatted, fault, random, earlier)
  batch.status = hasFailed ? 'processed_with_errors' : 'processed'
}

/** Makes the calls of a processed batch. Whatever ends them early is told in the status alone. */
export async function callBack(batch: Batch, surroundings: Surroundings): Promise<void> {
  const { callback, output } = batch.request
  if (callback === null) return
  try {
    await deliver(batch.results ?? [], output, callback, surroundings)
  } catch {
    batch.status = 'error_making_callback_request'
  }
}

function rowOf(record: KeptRecord, ids: IdentitySystem, lang: string, fault: MtsFault | undefined): Row {
  if ('errorCode' in record) {
    const { input, errorCode, errorMessage } = record
    return { input, output: { vid: statedVid(input), status: 'invalid', token: null, errorCode, errorMessage } }
  }
  const { input, asks } = record
  if (fault?.do === 'refuse-all') {
    const refused = { token: null, errorCode: 'ATS-REQ-010', errorMessage: 'name or its mapping not present' }
    return { input, output: { vid: asks.vid, status: 'invalid', ...refused } }
  }
  const answer = fault?.do === 'unreachable' ? UNREACHABLE : ids.ask(asks, lang)
  const status = answer.token === null ? 'error' : 'processed'
  const token = fault?.do === 'null-token' ? null : answer.token
  const { errorCode, errorMessage } = answer
  return { input, output: { vid: asks.vid, status, token, errorCode, errorMessage } }
}

function distortedRows(rows: readonly Row[], fault: MtsFault | undefined, random: () => number): readonly Row[] {
  if (fault?.do === 'shuffle') return shuffled(rows, random)
  if (fault?.do !== 'other-vid') return rows
  return rows.map((row, at) => ({ ...row, output: rows[(at + 1) % rows.length]?.output ?? row.output }))
}

function distortedResults(
  results: readonly unknown[],
  fault: MtsFault | undefined,
  random: () => number,
  earlier: readonly unknown[],
): readonly unknown[] {
  switch (fault?.do) {
    case 'lose-rest':
      return results.slice(0, fault.count)
    case 'lose-some':
      return results.filter(() => random() < 0.5)
    case 'twice':
      return results.flatMap((one) => [one, one])
    case 'earlier-too':
      return [...earlier, ...results]
    default:
      return results
  }
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const mixed = [...all]
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T]
  }
  return mixed
}
