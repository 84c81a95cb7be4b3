import { rmSync } from 'node:fs'
import { FilesOffice } from '../core/central/sneakernet/files-district.ts'
import { against, type BenchLine } from './bench-line.ts'
import { watchBlocks } from './block-watch.ts'
import { fillDistrict } from './replicate/district-records.ts'
import { stopwatch } from './stopwatch.ts'

/** Fewer for a quick look. */
const RECORDS = Number(process.env.BENCH_RECORDS ?? 20_000)
/** Milliseconds for which a file may hold up the core at once. */
const LIMIT = 50

/** A district in a file: how long it takes to write and to take in, and for how long the core is held up by it at once. */
export async function run(): Promise<BenchLine[]> {
  const one = await FilesOffice.open('one')
  const two = await FilesOffice.open('two')
  try {
    await one.knows(two)
    await two.knows(one)
    const count = fillDistrict(one.store, RECORDS)
    const writing = watchBlocks()
    let lap = stopwatch()
    const { path, bytes } = await one.write(two)
    const written = lap()
    const write = writing()
    lap = stopwatch()
    const checking = watchBlocks()
    const checked = await two.check(path)
    const check = checking()
    const taking = watchBlocks()
    await two.take(checked)
    const taken = lap()
    const take = taking()
    rmSync(path)
    const limit = { what: 'limit at once', value: LIMIT }
    return [
      against('sneakernet-write-per-1000', (written.time / count) * 1_000, 'ms', {
        what: 'of it at work',
        value: (written.work / count) * 1_000,
      }),
      against('sneakernet-take-per-1000', (taken.time / count) * 1_000, 'ms', {
        what: 'of it at work',
        value: (taken.work / count) * 1_000,
      }),
      against('sneakernet-bytes-per-record', bytes / count, 'bytes', { what: 'whole file', value: bytes }),
      against('sneakernet-write-longest-block', write, 'ms', limit),
      against('sneakernet-check-longest-block', check, 'ms', limit),
      against('sneakernet-take-longest-block', take, 'ms', limit),
    ]
  } finally {
    await one.close()
    await two.close()
  }
}
