import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { against, type BenchLine, median } from './bench-line.ts'
import { bareWords, sendBare, type Written } from './dispatch/bare-sending.ts'
import { makeApprovedBatches, readSent, sendThroughOffice } from './dispatch/office-sending.ts'
import { type Way, ways } from './dispatch/ways.ts'
import type { Lap } from './stopwatch.ts'

/** More for a whole district. */
const PAYMENTS = Number(process.env.BENCH_PAYMENTS ?? 2_000)
const RUNS = PAYMENTS > 5_000 ? 1 : 5
const writtenKinds = ['once', 'same-rows'] as const satisfies readonly Written[]
/** Of the office over the bare limit. */
const LIMIT = 1.5

/** Sends approved batches by each way to pay, beside the bare limit; the runs take turns, each with a payment system of its own. */
export async function run(): Promise<readonly BenchLine[]> {
  const lines: BenchLine[] = []
  for (const way of ways) lines.push(...(await sendBy(way)))
  return lines
}

async function sendBy(way: Way): Promise<BenchLine[]> {
  const office: Lap[] = []
  const bare: Record<Written, Lap[]> = { once: [], 'same-rows': [] }
  let messages = 0
  for (let turn = 1; turn <= RUNS; turn += 1) {
    const directory = mkdtempSync(join(tmpdir(), 'bench-dispatch-'))
    try {
      const receiver = await way.startReceiver(join(directory, 'office-ledger.jsonl'))
      const batchIds = await makeApprovedBatches(directory, way, receiver.settings, PAYMENTS)
      for (const written of writtenKinds) {
        mkdirSync(join(directory, written))
        copyFileSync(join(directory, 'office.db'), join(directory, written, 'office.db'))
      }
      office.push(await sendThroughOffice(directory, batchIds))
      await receiver.end()
      const sent = readSent(directory)
      messages = sent.length
      for (const written of writtenKinds) {
        const other = await way.startReceiver(join(directory, `${written}-ledger.jsonl`))
        const url = other.settings.paymentEndpointUrl ?? ''
        bare[written].push(await sendBare(join(directory, written), way, url, sent, written))
        await other.end()
      }
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
  const middle = (laps: readonly Lap[], of: keyof Lap): number => median(laps.map((lap) => lap[of]))
  const name = `dispatch-${way.kind}`
  const [time, work] = [middle(office, 'time'), middle(office, 'work')]
  const lines = writtenKinds.flatMap((written) => {
    const what = bareWords(way, messages, written)
    const full = written === 'once' ? name : `${name}-${written}`
    return [
      against(full, time, 'ms', { what, value: middle(bare[written], 'time') }),
      against(`${full}-processor`, work, 'ms', {
        what: 'the same at work',
        value: middle(bare[written], 'work'),
      }),
    ]
  })
  const ratios = lines.map(({ ratio }) => ratio).join(', ')
  process.stderr.write(
    `  ${way.kind}, ${PAYMENTS} payments in ${messages} messages: ratios ${ratios} (written once: time, work; the same rows: time, work), aim ${LIMIT}\n`,
  )
  return lines
}
