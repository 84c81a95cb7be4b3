import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { buildIfStale } from '../../electron/fresh-build.ts'
import { findChromium } from '../e2e/chromium.ts'
import { startOffice } from '../e2e/office.ts'
import { Desk } from '../e2e/pages/desk.ts'
import { minorUnitsOf, words } from '../e2e/pages/words.ts'
import { payInOtherWays } from './channels-chapter.ts'
import {
  approveAll,
  bringPeopleIn,
  type Cast,
  closeCycle,
  follow,
  openCycle,
  prepare,
  sendOverABrokenLine,
  settleByEvidence,
} from './chapters.ts'
import { Gallery } from './gallery.ts'
import { peopleFile } from './people-file.ts'
import { add, findDisagreements, outcomeOf, paymentsInStore, readLedger, type Totals } from './reckoning.ts'
import { makeTokens, tokenScreens } from './tokens-chapter.ts'

/*
 * `npm run tour`: officers in real browsers do the whole main job in a fresh training office: 5,000 households from a file to
 * paid, with the line cut on the way, then tokens for the people on the registry and of a form, then a Payment Hub, a printed
 * list and a pay table. `out/tour/report.json` says whether the payment systems' books, the store, the screen and the paper
 * agree; the exit code is 0 only if they do.
 */

const [asked = '5000', ...more] = process.argv.slice(2)
const HOUSEHOLDS = Number(asked)
if (more.length > 0 || !Number.isInteger(HOUSEHOLDS) || HOUSEHOLDS < 1) {
  process.stderr.write('The tour takes one number, of households: npm run tour -- 500\n')
  process.exit(2)
}
const FOLLOWED_FOR = 240_000
const AGREED_WITHIN = 300_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`)
if (!buildIfStale(root, say)) process.exit(1)

/** The line of the statement in which payments of a state stand. */
const lineOf: Readonly<Record<string, string>> = {
  prepared: 'notSent',
  blocked: 'blocked',
  cancelled: 'cancelled',
  acknowledged: 'awaitingAnswer',
  unknown: 'unknown',
  review: 'inReview',
  paid: 'paid',
  rejected: 'rejected',
  reversed: 'reversed',
}

const durations: Record<string, number> = {}
async function chapter<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  try {
    return await work()
  } finally {
    durations[name] = Math.round(performance.now() - started) / 1000
    say(`${name}: ${durations[name]?.toFixed(1)} s`)
  }
}

const gallery = new Gallery(join(root, 'out', 'tour'))
const data = mkdtempSync(join(tmpdir(), 'office-tour-'))
const { executablePath, args, env } = await findChromium()
const browser = await chromium.launch({
  executablePath,
  args: [...args],
  env: { ...process.env, ...env } as Record<string, string>,
})
const office = await startOffice({ data })
office.process.stderr?.on('data', (text: string) => process.stderr.write(text))
const desks: Desk[] = []
const started = performance.now()
let agree = false
try {
  agree = await tour()
} catch (error) {
  say(`The tour stopped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  for (const [index, { page }] of desks.entries()) {
    await page.screenshot({ path: join(gallery.folder, `stopped-${index + 1}.png`) }).catch(() => undefined)
  }
} finally {
  await browser.close()
  const code = await office.close()
  if (code !== 0) say(`The office ended with code ${code}.`)
  rmSync(data, { recursive: true, force: true })
  process.exitCode = agree && code === 0 ? 0 : 1
}

async function openDesk(): Promise<Desk> {
  const desk = await Desk.open(browser, office, { acceptDownloads: true })
  desks.push(desk)
  return desk
}

async function tour(): Promise<boolean> {
  const file = peopleFile(HOUSEHOLDS)
  const cast = await chapter('sign in', signIn)
  const imported = await chapter('import', () => bringPeopleIn(cast, file))
  const { cycleId } = await chapter('enrol and entitle', () => openCycle(cast, file))
  const preflight = await chapter('prepare', () => prepare(cast, cycleId))
  const batchIds = await chapter('submit and approve', () => approveAll(cast, cycleId))
  await chapter('send over a broken line', () => sendOverABrokenLine(cast, batchIds))
  await chapter('follow', () => follow(cast, cycleId, batchIds, FOLLOWED_FOR))

  const ledgerFile = join(data, 'training', 'payment-system.jsonl')
  const compare = async () => {
    const payments = await paymentsInStore(cast.api, cycleId)
    const mine = new Set(payments.map(({ id }) => id))
    const ledger = readLedger(ledgerFile, Date.now()).filter(({ referenceId }) => mine.has(referenceId))
    return { payments, ledger, disagreements: findDisagreements(ledger, payments) }
  }
  let books = await chapter('agree', async () => {
    const end = Date.now() + AGREED_WITHIN
    for (;;) {
      const found = await compare()
      if (found.disagreements.length === 0 || Date.now() > end) return found
      await cast.clerk.page.waitForTimeout(3_000)
    }
  })
  const inReview = books.payments.filter(({ state }) => state === 'review').map(({ id }) => id)
  await chapter('evidence', async () => {
    for (const [index, id] of inReview.slice(0, 2).entries()) await settleByEvidence(cast, id, index === 0)
  })
  const statement = await chapter('close the cycle', () => closeCycle(cast, cycleId))
  books = await compare()

  const peer: Totals = {}
  for (const entry of books.ledger) {
    add(peer, outcomeOf(entry), { count: 1, sum: Math.round(Number(entry.disbursement.amount) * 100) })
  }
  const store: Totals = {}
  for (const { state, amount } of books.payments) add(store, state, { count: 1, sum: amount })
  const screen: Totals = {}
  for (const { line, count, sum } of statement) {
    const name = Object.entries(lineOf).find(([, key]) => words(`programmes:statement.lines.${key}`).test(line))?.[0]
    if (name !== undefined && count > 0) add(screen, name, { count, sum: minorUnitsOf(sum) })
  }
  const differences = [...books.disagreements, ...differencesBetween(store, screen)]
  const tokens = await chapter('tokens', () => makeTokens(cast))
  differences.push(...tokens.disagreements)
  const others = await chapter('other ways to pay', () =>
    payInOtherWays(cast, file, join(data, 'training', 'payment-hub.jsonl')),
  )
  differences.push(...others.disagreements)
  await chapter('every screen', () => everyScreen(cast, cycleId, batchIds[0] ?? '', others.cashBatchId))

  const complaints = desks.flatMap(({ complaints: said }) => said)
  const strangers = desks.flatMap(({ strangers: asked }) => asked)
  const good = differences.length === 0 && complaints.length === 0 && strangers.length === 0
  const report = {
    agree: good,
    seconds: Math.round((performance.now() - started) / 1000),
    durations,
    households: HOUSEHOLDS,
    imported,
    preflight,
    batches: batchIds.length,
    peer,
    store,
    screen,
    inReview: inReview.length,
    tokens: tokens.figures,
    otherWays: others.figures,
    differences,
    complaints,
    strangers,
    pictures: gallery.pictures,
    blemishes: gallery.blemishes,
  }
  writeFileSync(join(gallery.folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  for (const difference of [...differences, ...complaints, ...strangers].slice(0, 20)) say(`- ${difference}`)
  for (const { picture, what } of gallery.blemishes) say(`- ${picture}: ${what}`)
  say(good ? `Everything agrees (${report.seconds} s).` : 'Not everything agrees; see out/tour/report.json.')
  return good
}

function differencesBetween(store: Totals, screen: Totals): string[] {
  const names = new Set([...Object.keys(store), ...Object.keys(screen)])
  return [...names].flatMap((name) => {
    const [here, shown] = [store[name] ?? { count: 0, sum: 0 }, screen[name] ?? { count: 0, sum: 0 }]
    if (here.count === shown.count && here.sum === shown.sum) return []
    return [`${name}: ${here.count} (${here.sum}) in the store, ${shown.count} (${shown.sum}) on the screen`]
  })
}

async function signIn(): Promise<Cast> {
  const clerk = await openDesk()
  await clerk
    .button('sign-in:first.training')
    .or(clerk.page.getByRole('button', { name: /^Training office/ }))
    .first()
    .waitFor()
  await gallery.take(clerk, 'welcome')
  await clerk.enterTraining()
  await gallery.take(clerk, 'sign-in')
  await clerk.signIn('clerk')
  await clerk.page.getByRole('heading', { level: 1 }).waitFor()
  await gallery.take(clerk, 'home')
  const [approver, administrator] = [await openDesk(), await openDesk()]
  for (const desk of [approver, administrator]) await desk.enterTraining()
  await approver.signIn('approver')
  await administrator.signIn('administrator')
  const { api } = await clerk.openApi()
  return { clerk, approver, administrator, api, gallery }
}

/** What the job did not pass by, and then everything once more in Arabic. */
async function everyScreen(
  { clerk, administrator, api }: Cast,
  cycleId: string,
  batchId: string,
  cashBatchId: string,
): Promise<void> {
  const { cycle } = await api.programmes.cycles.view.ask({ cycleId })
  const { rows } = await api.registry.page.ask({ offset: 0, limit: 1, order: { column: 'name', direction: 'asc' } })
  const sections: Readonly<Record<string, string>> = {
    home: '/',
    outbox: '/outbox',
    audit: '/audit',
    settings: '/settings',
    batches: '/batches',
    programme: `/programmes/${cycle.programmeId}/overview`,
    cycles: `/programmes/${cycle.programmeId}/cycles`,
    imports: '/registrants/imports',
    'batch-preflight': `/batches/${batchId}?tab=preflight`,
    'batch-approvals': `/batches/${batchId}?tab=approvals`,
    'batch-transmissions': `/batches/${batchId}?tab=transmissions`,
    ...tokenScreens,
  }
  for (const [name, address] of Object.entries(sections)) {
    await visit(administrator, address)
    await gallery.take(administrator, `${name}-later`.replace(/^(?!home|outbox)(.*)-later$/, '$1'))
  }
  await clerk.chooseLanguage('ar')
  await administrator.chooseLanguage('ar')
  const forClerk: Readonly<Record<string, string>> = {
    registrants: '/registrants',
    registrant: `/registrants/${rows[0]?.id ?? ''}`,
    'import-file': '/registrants/import',
    'batches-prepare': '/batches/prepare',
    batch: `/batches/${batchId}`,
    cycle: `/programmes/cycles/${cycleId}`,
    statement: `/programmes/cycles/${cycleId}/statement`,
    'list-files': `/batches/${cashBatchId}?tab=files`,
    'pay-table-done': `/batches/${cashBatchId}/pay-table?tab=done`,
  }
  for (const [name, address] of Object.entries(forClerk)) {
    await visit(clerk, address)
    await gallery.takeArabic(clerk, name)
  }
  for (const [name, address] of Object.entries(sections)) {
    await visit(administrator, address)
    await gallery.takeArabic(administrator, name)
  }
}

async function visit(desk: Desk, address: string): Promise<void> {
  await desk.goTo(address)
  await desk.page.getByRole('heading', { level: 1 }).waitFor()
  await desk.page.waitForTimeout(400)
}
