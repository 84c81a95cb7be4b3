import { against, type BenchLine, median } from './bench-line.ts'
import { payBare, type Rows, readRows } from './main-job/bare-job.ts'
import { makePlace, makeTemplate } from './main-job/paying-office.ts'
import { type Phases, payThroughOffice, phaseNames, sumOf } from './main-job/whole-job.ts'
import type { Lap } from './stopwatch.ts'

const PAYMENTS = 20_000
const RUNS = 3

/** Prepare, approve, send and settle 20,000 payments, beside the bare limit; the runs take turns. */
export async function run(): Promise<readonly BenchLine[]> {
  const template = await makeTemplate(PAYMENTS)
  const office: Phases[] = []
  const bare: Phases[] = []
  let rows: Rows | undefined
  for (let turn = 1; turn <= RUNS; turn += 1) {
    const place = await makePlace(template.file)
    office.push(await payThroughOffice(place, PAYMENTS))
    rows ??= readRows(place)
    await place.end()
    globalThis.gc?.()

    const barePlace = await makePlace(template.file)
    bare.push(await payBare(barePlace, rows))
    await barePlace.end()
    globalThis.gc?.()
  }
  template.remove()
  const rounded = (runs: readonly number[]): number => Math.round(median(runs))
  for (const phase of phaseNames) {
    const of = (runs: readonly Phases[], what: keyof Lap): number => rounded(runs.map((one) => one[phase][what]))
    const [time, work] = [of(office, 'time'), of(office, 'work')]
    process.stderr.write(
      `  ${phase}: ${time} ms, bare ${of(bare, 'time')} ms; processor ${work} ms, bare ${of(bare, 'work')} ms\n`,
    )
  }
  const sums = (runs: readonly Phases[], what: keyof Lap): number => median(runs.map((one) => sumOf(one, what)))
  return [
    against('main-job', sums(office, 'time'), 'ms', { what: 'bare limit', value: sums(bare, 'time') }),
    against('main-job-processor', sums(office, 'work'), 'ms', { what: 'bare limit', value: sums(bare, 'work') }),
  ]
}
