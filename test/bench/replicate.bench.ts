import { statSync } from 'node:fs'
import { startSlowLine } from '../../electron/peers/couchdb/slow-line.ts'
import { against, type BenchLine } from './bench-line.ts'
import { type Exchange, type FullDistrict, Scene } from './replicate/scene.ts'

/** Fewer for a quick look. */
const RECORDS = Number(process.env.BENCH_RECORDS ?? 50_000)
/** Records by which PouchDB's best batch size is found. */
const TRIAL = Math.min(5_000, RECORDS)
const BATCH_SIZES = [500, 1_000, 2_000]
/** On lines on which the whole district would take an hour. */
const SLOW_RECORDS = 2_000
const WORST_RECORDS = 300
const LONGEST_BLOCK = 250

type Batch = Readonly<Record<'push' | 'pull', number>>

/**
 * Push and pull of a district by an office (encrypted store, FULL sync, audit) and by PouchDB 9 on LevelDB, over one
 * CouchDB-protocol server with the same rules for both.
 */
export async function run(): Promise<BenchLine[]> {
  const scene = await Scene.open()
  try {
    const batch = await bestBatch(scene)
    await scene.addDistrict('office')
    await scene.addDistrict('pouch')
    const full = await scene.fill(RECORDS)
    const ours = { who: 'office', district: 'office' } as const
    const theirs = { who: 'pouchdb', district: 'pouch' } as const
    tell('records', { count: full.count })
    const disk = sizeOf(scene)
    const push = told('push', await scene.exchange({ ...ours, what: 'push' }, full))
    const growth = sizeOf(scene) - disk
    const pouchPush = told(
      `PouchDB push by ${batch.push}`,
      await scene.exchange({ ...theirs, what: 'push', batchSize: batch.push }, full),
    )
    const pull = told('pull', await scene.exchange({ ...ours, what: 'pull' }))
    const pouchPull = told(
      `PouchDB pull by ${batch.pull}`,
      await scene.exchange({ ...theirs, what: 'pull', batchSize: batch.pull }),
    )
    return [
      ...compared('pull', pull, `PouchDB 9, batches of ${batch.pull}`, pouchPull),
      ...compared('push', push, `PouchDB 9, batches of ${batch.push}`, pouchPush),
      against('replicate-pull-longest-block', pull.block, 'ms', { what: 'limit of the core', value: LONGEST_BLOCK }),
      against('replicate-push-longest-block', push.block, 'ms', { what: 'limit of the core', value: LONGEST_BLOCK }),
      against('replicate-server-disk-per-record', growth / full.count, 'bytes', {
        what: 'the documents as JSON',
        value: statSync(full.documents).size / full.count,
      }),
      ...(await overSlowLines(scene, batch)),
    ]
  } finally {
    await scene.close()
  }
}

/** Quick runs on few records; the least processor time in each direction counts. */
async function bestBatch(scene: Scene): Promise<Batch> {
  const full = await scene.fill(TRIAL)
  const best = { push: { size: 0, work: Number.POSITIVE_INFINITY }, pull: { size: 0, work: Number.POSITIVE_INFINITY } }
  for (const size of BATCH_SIZES) {
    const district = `trial${size}`
    await scene.addDistrict(district)
    for (const what of ['push', 'pull'] as const) {
      const { work, time } = await scene.exchange({ who: 'pouchdb', district, what, batchSize: size }, full)
      tell(`trial of PouchDB, ${what} by ${size}`, { work, time })
      if (work < best[what].work) best[what] = { size, work }
    }
  }
  return { push: best.push.size, pull: best.pull.size }
}

function compared(what: 'push' | 'pull', ours: Exchange, name: string, theirs: Exchange): BenchLine[] {
  const each = (of: (exchange: Exchange) => number): [number, { what: string; value: number }] => [
    of(ours) / ours.records,
    { what: name, value: of(theirs) / theirs.records },
  ]
  const [wall, otherWall] = [ours.time, { what: name, value: theirs.time }]
  const [work, otherWork] = [ours.work, { what: name, value: theirs.work }]
  const [bytes, otherBytes] = each((exchange) => exchange.bytes)
  const [server, otherServer] = each(({ serverWork }) => serverWork)
  return [
    against(`replicate-${what}`, wall, 'ms', otherWall),
    against(`replicate-${what}-processor`, work, 'ms', otherWork),
    against(`replicate-${what}-memory`, ours.memory, 'MB', { what: name, value: theirs.memory }),
    against(`replicate-${what}-wire-per-record`, bytes, 'bytes', otherBytes),
    against(`replicate-${what}-server-per-1000`, server * 1_000, 'ms', {
      ...otherServer,
      value: otherServer.value * 1_000,
    }),
  ]
}

/** Few records: what is told is the time of as many, not of the whole district. */
async function overSlowLines(scene: Scene, batch: Batch): Promise<BenchLine[]> {
  const slow = await scene.fill(SLOW_RECORDS)
  const worst = await scene.fill(WORST_RECORDS)
  const moderate = { bitsPerSecond: 256_000, roundTrip: 200, loss: 0 }
  const bad = { bitsPerSecond: 64_000, roundTrip: 800, loss: 0.02 }
  const name = `PouchDB 9, ${slow.count} records`
  for (const district of ['slow', 'slowpouch', 'worst']) await scene.addDistrict(district)
  const lines: BenchLine[] = []
  for (const what of ['push', 'pull'] as const) {
    const ours = await over(scene, moderate, { who: 'office', district: 'slow', what }, slow)
    const batchSize = batch[what]
    const theirs = await over(scene, moderate, { who: 'pouchdb', district: 'slowpouch', what, batchSize }, slow)
    const other = { what: name, value: theirs.time }
    lines.push(against(`replicate-${what}-${slow.count}-at-256-kbit`, ours.time, 'ms', other))
  }
  for (const what of ['push', 'pull'] as const) {
    const { time, bytes } = await over(scene, bad, { who: 'office', district: 'worst', what }, worst)
    const alone = { what: `its ${Math.round(bytes)} bytes alone at 64 kbit/s`, value: (bytes * 8_000) / 64_000 }
    lines.push(against(`replicate-${what}-${worst.count}-at-64-kbit-800-ms-2-percent-loss`, time, 'ms', alone))
  }
  return lines
}

async function over(
  scene: Scene,
  line: Parameters<typeof startSlowLine>[1],
  order: Parameters<Scene['exchange']>[0],
  full: FullDistrict,
): Promise<Exchange> {
  const slow = await startSlowLine(scene.server.origin, line)
  try {
    const exchange = await scene.exchange({ ...order, url: slow.origin }, full)
    return told(`${order.who} ${order.what} at ${(line.bitsPerSecond ?? 0) / 1_000} kbit/s`, exchange)
  } finally {
    await slow.close()
  }
}

/** Of the server's file with its journal. */
const sizeOf = ({ serverFile }: Scene): number =>
  ['', '-wal'].reduce((sum, end) => sum + (statSync(serverFile + end, { throwIfNoEntry: false })?.size ?? 0), 0)

function told(name: string, exchange: Exchange): Exchange {
  tell(name, { ...exchange })
  return exchange
}

function tell(name: string, figures: Readonly<Record<string, number>>): void {
  const text = Object.entries(figures).map(([key, value]) => `${key} ${Math.round(value)}`)
  process.stderr.write(`  ${name}: ${text.join(', ')}\n`)
}
