import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright'
import { buildIfStale } from '../../electron/fresh-build.ts'
import type { Api } from '../../renderer/api/client.ts'
import { OfficeFault } from '../../renderer/api/office-fault.ts'
import { findChromium } from '../e2e/chromium.ts'
import { startOffice } from '../e2e/office.ts'
import { Desk, type TrainingOfficer, trainingOfficers } from '../e2e/pages/desk.ts'
import { against, type BenchLine } from './bench-line.ts'
import type { Watched } from './loop-watch.ts'
import { householdsCsv, personsCsv } from './population.ts'

const PERSONS = 100_000
const HOUSEHOLDS = 20_000
const MAIN = 50
const CORE = 250
const MEMORY = 350
const PIECE = 900_000
const FROM = 200_001

/**
 * Longest blocks and most memory of the built office behind the browser door, with a clerk's page open, while it imports
 * 100,000 persons and pays 20,000 households. The threads are watched from within by a file that is loaded into each.
 */
export async function run(): Promise<readonly BenchLine[]> {
  const watched = mkdtempSync(join(tmpdir(), 'bench-watch-'))
  if (!buildIfStale(fileURLToPath(new URL('../..', import.meta.url)), (sentence) => console.error(sentence))) {
    throw new Error('the office could not be built')
  }
  process.env.BENCH_WATCH = watched
  process.env.NODE_OPTIONS = `--import=${compiledWatch(watched)}`
  const office = await startOffice()
  delete process.env.NODE_OPTIONS
  const { executablePath, args, env } = await findChromium()
  const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } as never })
  try {
    const signIn = async (officer: TrainingOfficer): Promise<Api> => {
      const desk = await Desk.open(browser, office)
      await desk.enterTraining()
      await desk.signIn(officer)
      return (await desk.openApi()).api
    }
    const clerk = await signIn('clerk')
    const approver = await signIn('approver')
    const administrator = await signIn('administrator')
    const lap = laps(watched, office.process.pid ?? 0)
    await bringIn(clerk, 'persons.csv', [...personsCsv({ count: PERSONS, seed: 8, from: FROM })].join(''))
    lap('import')
    const last = FROM + PERSONS
    await bringIn(clerk, 'households.csv', [...householdsCsv({ count: HOUSEHOLDS, seed: 9, from: last })].join(''))
    lap('import of households')
    const cycleId = await entitle(clerk, approver, administrator, `H-${last}`)
    lap('enrol and entitle')
    await pay(clerk, approver, cycleId, lap)
    const threads = read(watched, office.process.pid ?? 0)
    const most = (thread: string, what: 'longest' | 'busiest'): number =>
      Math.max(0, ...threads.filter((one) => one.thread === thread).map((one) => one[what]))
    const memory = Math.max(...threads.map((one) => one.memory))
    return [
      against('blocks-main-thread', most('main', 'longest'), 'ms', { what: 'limit', value: MAIN }),
      against('blocks-main-thread-at-work', most('main', 'busiest'), 'ms', { what: 'limit', value: MAIN }),
      against('blocks-core-thread', most('core', 'longest'), 'ms', { what: 'limit', value: CORE }),
      against('blocks-core-thread-at-work', most('core', 'busiest'), 'ms', { what: 'limit', value: CORE }),
      against('core-process-memory', memory, 'MB', { what: 'limit', value: MEMORY }),
    ]
  } finally {
    await browser.close()
    await office.close()
    rmSync(watched, { recursive: true, force: true })
  }
}

/**
 * The watch without its types. As TypeScript it would bring a compiler into each thread of the office: 17 MB into the first and 7 MB
 * into each other one, which the office does not take by itself.
 */
function compiledWatch(folder: string): string {
  const file = join(folder, 'loop-watch.mjs')
  writeFileSync(file, stripTypeScriptTypes(readFileSync(new URL('./loop-watch.ts', import.meta.url), 'utf8')))
  return pathToFileURL(file).href
}

const read = (folder: string, pid: number): Watched[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${pid}-`) && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Watched)

/** Tells after each phase how long it was and what the longest blocks so far are. */
function laps(folder: string, pid: number): (phase: string) => void {
  let last = performance.now()
  return (phase) => {
    const now = performance.now()
    const blocks = read(folder, pid)
      .filter(({ thread }) => thread === 'main' || thread === 'core')
      .map(({ thread, longest, busiest, memory }) => {
        const size = memory > 0 ? `, ${memory} MB` : ''
        return `${thread} ${Math.round(longest)} ms (${Math.round(busiest)} ms at work${size})`
      })
    process.stderr.write(`  ${phase}: ${Math.round(now - last)} ms; longest so far: ${blocks.sort().join(', ')}\n`)
    last = now
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function bringIn(api: Api, fileName: string, text: string): Promise<void> {
  const content = Buffer.from(text)
  const { imports } = api.registry
  const { id } = await imports.begin.run({ fileName, size: content.length })
  for (let at = 0, piece = 0; at < content.length; at += PIECE, piece += 1) {
    await imports.append.run({ id, piece, content: content.subarray(at, at + PIECE).toString('base64') })
  }
  const { suggestion } = await imports.inspect.run({ id, reading: {} })
  await imports.check.run({ id, options: suggestion })
  while ((await imports.status.ask({ id })).stage === 'checking') await pause(200)
  await imports.start.run({ id })
  for (;;) {
    const { stage, outcome, counts } = await imports.status.ask({ id })
    if (stage !== 'ended') await pause(200)
    else if (outcome === 'done' && counts?.refused === 0) return
    else throw new Error(`the import ended ${outcome}: ${JSON.stringify(counts)}`)
  }
}

async function entitle(clerk: Api, approver: Api, administrator: Api, first: string): Promise<string> {
  const [known] = await administrator.programmes.programme.list.ask(undefined)
  if (known === undefined) throw new Error('the training office has no programme')
  const { paymentManagerId } = (await administrator.programmes.programme.view.ask({ programmeId: known.programme.id }))
    .programme
  const { id: programmeId } = await administrator.programmes.programme.create.run({
    name: 'Flood relief',
    currency: 'ETB',
    target: 'group',
    entitlementRule: { kind: 'fixed', amount: 125_000 },
    fund: null,
    alternateRecipientAllowed: true,
    twoApproversAbove: null,
    paymentManagerId,
  })
  const filter = `[('is_group', '=', True), ('registry_number', '>=', '${first}')]`
  await clerk.programmes.enrolments.enrolByFilter.run({ programmeId, filter, expected: HOUSEHOLDS })
  const settings = { name: 'First', startDate: '2026-11-01', endDate: '2026-11-30', ceiling: null }
  const { id: cycleId } = await clerk.programmes.cycles.create.run({ programmeId, settings })
  await clerk.programmes.cycles.generate.run({ cycleId, source: 'rule' })
  const move = { cycleId, reason: '', pin: '', acknowledgedOpen: null }
  await clerk.programmes.cycles.move.run({ ...move, move: 'submit' })
  await approver.programmes.cycles.move.run({ ...move, move: 'approve', pin: trainingOfficers.approver.pin })
  return cycleId
}

async function pay(clerk: Api, approver: Api, cycleId: string, lap: (phase: string) => void): Promise<void> {
  const { batchIds, prepared } = await clerk.batches.prepare.run({ cycleId })
  // A few of so many invented telephones meet.
  if (prepared < HOUSEHOLDS * 0.95) throw new Error(`only ${prepared} payments were prepared`)
  lap('prepare')
  for (const batchId of batchIds) {
    const { submission } = await clerk.batches.submit.run({ batchId })
    const seen = { batchId, submissionId: submission.id, digest: submission.digest }
    await approver.batches.decide.run({ ...seen, verdict: 'approve', reason: '', pin: trainingOfficers.approver.pin })
  }
  lap('submit and approve')
  await clerk.dispatch.send.run({ batchIds: [...batchIds], pin: trainingOfficers.clerk.pin })
  const open = async (states: readonly ['approved', 'queued', 'claimed', 'sending']): Promise<number> =>
    (await clerk.batches.page.ask({ offset: 0, limit: 1, cycleId, states: [...states] })).total
  while ((await open(['approved', 'queued', 'claimed', 'sending'])) > 0) await pause(500)
  lap('send')
  // Every payment that is not late has been paid or refused by then.
  await pause(13_000)
  for (const batchId of batchIds) {
    // Now and then the training office's payment system is out of service, as real ones are.
    await clerk.dispatch.checkBatch.run({ batchId }).catch((fault: unknown) => {
      if (!(fault instanceof OfficeFault)) throw fault
    })
  }
  lap('settle')
}
