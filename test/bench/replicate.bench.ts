import { readFileSync, statSync } from 'node:fs'
import { readDesign } from '../../electron/core/central/setup/design.ts'
import { startSlowLine } from '../../electron/peers/couchdb/slow-line.ts'
import { compileValidation } from '../../electron/peers/couchdb/validation.ts'
import { against, type BenchLine } from './bench-line.ts'
import { type Exchange, type FullDistrict, Scene } from './replicate/scene.ts'
import { stopwatch } from './stopwatch.ts'

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
      ...validation(full),
      ...(await dayAndCycle(scene)),
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
  // The office once too, so that what it is made of lies compiled, as it does in the app.
  await scene.addDistrict('trial')
  for (const what of ['push', 'pull'] as const) await scene.exchange({ who: 'office', district: 'trial', what }, full)
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

/** What the rules of the district cost in this engine, one document after the other. */
function validation({ documents }: FullDistrict): BenchLine[] {
  const check = compileValidation([readDesign().validate.records])
  if (check === null) throw new Error('the district has no rules')
  const role = 'g2p-office-office'
  const security = JSON.stringify({ admins: { names: [], roles: ['_admin'] }, members: { names: [], roles: [role] } })
  const judge = check({ db: 'g2p-office', name: 'office', roles: [role] }, security)
  const lines = readFileSync(documents, 'utf8').trim().split('\n').slice(0, 10_000)
  const lap = stopwatch()
  for (const line of lines) {
    const at = line.indexOf(',')
    judge(line.slice('{"_id":"'.length, at - 1), branchOf(`{${line.slice(at + 1)}`), undefined)
  }
  const { work } = lap()
  const each = { what: 'the reading of the same documents as JSON', value: readingOf(lines) }
  return [against('replicate-validation-per-1000', (work / lines.length) * 1_000, 'ms', each)]
}

const branchOf = (body: string): Parameters<ReturnType<NonNullable<ReturnType<typeof compileValidation>>>>[1] => ({
  generation: 0,
  digests: [],
  deleted: false,
  body,
})

function readingOf(lines: readonly string[]): number {
  const lap = stopwatch()
  for (const line of lines) JSON.parse(line)
  return (lap().work / lines.length) * 1_000
}

/** Contacts of a quiet day, and the claims of a cycle: what some more of them add. */
async function dayAndCycle(scene: Scene): Promise<BenchLine[]> {
  await scene.addDistrict('quiet')
  const of = async (what: 'contact' | 'claim', count: number): Promise<Exchange> =>
    told(`${count} times ${what}`, await scene.exchange({ who: 'office', district: 'quiet', what, count }))
  const none = await of('contact', 0)
  const contacts = await of('contact', 20)
  const noClaim = await of('claim', 0)
  const claims = await of('claim', 20)
  const perContact = (figure: 'bytes' | 'requests'): number => (contacts[figure] - none[figure]) / contacts.records
  const perBatch = (figure: 'bytes' | 'requests'): number => ((claims[figure] - noClaim[figure]) / claims.records) * 500
  return [
    against('replicate-quiet-contact', perContact('bytes'), 'bytes', {
      what: `each of its ${perContact('requests')} requests`,
      value: perContact('bytes') / perContact('requests'),
    }),
    against('replicate-claims-of-500-payments', perBatch('bytes'), 'bytes', {
      what: `each of its ${perBatch('requests')} requests`,
      value: perBatch('bytes') / perBatch('requests'),
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
