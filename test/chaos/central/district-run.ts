import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import { seeded } from '../chaos-run.ts'
import { askedAbout, type Books } from '../evidence.ts'
import { faultsFor } from '../faults.ts'
import { paymentSystems } from '../payment-systems.ts'
import { ambush } from './ambush.ts'
import { type CentralServer, startCentralServer } from './district.ts'
import { CYCLE, type DistrictKit, makeKit } from './district-kit.ts'
import { compare, type DistrictFigures, weighDistrict } from './district-verdict.ts'
import { OfficeAtWork } from './office-at-work.ts'
import type { OfficeState } from './office-messages.ts'
import { closeBooks, helpOut, work } from './officers-at-work.ts'
import { type Event, programmeOf, type Storm, serverFaults, shuffled, strike } from './storm.ts'

export interface DistrictRunOptions {
  readonly seed: number
  readonly offices: number
  readonly people: number
  /** How often something happens while everything goes wrong. */
  readonly events: number
  /** Receiver profile. */
  readonly profile: string
  /** The file to start as the core. */
  readonly core: string
}

export interface DistrictRunFigures extends DistrictFigures {
  /** Killed while the central server held a claim unanswered, or the payment system a message. */
  readonly killsInFlight: number
  readonly claimKills: number
  readonly postKills: number
  readonly restores: number
  readonly copies: number
  readonly losses: number
  readonly cuts: number
  readonly clockJumps: number
  readonly serverRestarts: number
  readonly conflicts: number
  readonly takeovers: number
  /** Batches that came back since others pay some or all of it. */
  readonly claimsLost: number
  /** Offices whose audit chain does not verify. */
  readonly auditBroken: number
}

/** A minute of waiting, milliseconds. */
const MINUTE = 100
/** Rounds of officers' work in which everything has to come to rest. */
const ROUNDS = 150
/** What arrives late at the payment system has arrived by this round. */
const BOOKS_CLOSED = 12
/** How often somebody prepares what was left over. */
const LEFT_OVER = 4
/** Events while nobody reaches the centre, and offices that are waited for when they reach it again. */
const ALONE = 4
const UNDER_FIRE = 4

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Offices, their central server and one payment system through a storm, until everything is quiet and the same everywhere. */
export async function districtRun(options: DistrictRunOptions): Promise<DistrictRunFigures> {
  const { seed, core, profile, events } = options
  const random = seeded(seed)
  const directory = mkdtempSync(join(tmpdir(), 'chaos-district-'))
  const startSystem = paymentSystems[profile]
  if (startSystem === undefined) throw new Error(`no payment system is known for ${profile}`)
  const system = await startSystem(systemOptions(directory, seed, random), random)
  const server = await startCentralServer(directory, options.offices, seed)
  const offices: OfficeAtWork[] = []
  try {
    const { settings } = system
    const kit = await makeKit({
      offices: options.offices,
      people: options.people,
      urls: { disburse: settings.paymentEndpointUrl, status: settings.statusEndpointUrl },
      manager: {
        ...settings,
        apiTimeout: 1,
        duplicateProtectionProven: system.mayProve && random() < 0.6,
        statusPageSize: 20,
        partSize: 4,
        noMoneyMovedCodes: ['rjct.payee_fa.invalid'],
      },
      random,
    })
    for (let index = 0; index < options.offices; index += 1) {
      const room = join(directory, `office-${index}`)
      mkdirSync(room)
      const start = { key: randomBytes(32).toString('hex'), minute: MINUTE }
      offices.push(await OfficeAtWork.open(index, core, room, start))
    }
    await furnishAll(offices, kit, server, random)

    const storm: Storm = {
      offices,
      server: server.peer,
      users: server.accesses.map((access) => access.settings.user),
      faults: serverFaults(random),
      system: system.peer,
      people: kit.people,
      random,
      gone: new Set(),
      counts: {
        restores: 0,
        copies: 0,
        serverRestarts: 0,
        clockJumps: 0,
        losses: 0,
        cuts: 0,
        claimKills: 0,
        postKills: 0,
      },
    }
    const programme = programmeOf(events, random)
    await workAlone(storm, programme.splice(0, ALONE))
    await server.peer.order({ faults: [...storm.faults] })
    await meetUnderFire(storm)
    for (const event of programme) {
      await strike(storm, event)
      await pause(random() * 120)
    }

    // From here on the world behaves, and officers do what the app asks of them.
    await server.peer.order({ clearFaults: true })
    await system.peer.order({ rules: [] })
    const books: Books = { ledger: () => system.peer.ledger(), toldUnpaid: new Set() }
    const isFound = random() < 0.5
    for (const office of offices) {
      await office.endTwin()
      office.jump(0)
      office.cutLine('centre', false)
      office.cutLine('payments', false)
    }
    const present = offices.filter(({ lost }) => !lost)
    await calmDown(storm, present, server, books)
    const missing = offices.find(({ lost }) => lost)
    if (isFound && missing !== undefined) {
      // The lost laptop turns up after others have gone on with its work.
      await missing.find()
      present.push(missing)
      await calmDown(storm, present, server, books)
    }
    return await figuresOf(storm, present, server, books)
  } finally {
    for (const office of offices) await office.close()
    await server.peer.stop()
    await system.peer.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const systemOptions = (directory: string, seed: number, random: () => number) =>
  ({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: randomBytes(16).toString('hex'),
    seed,
    profile: {
      paidAfter: [0, 600],
      rejected: { 'rjct.payee_fa.invalid': 0.05, 'rjct.payment.failed': 0.03 },
      late: { share: 0.05, after: 1_500 },
      reversed: { share: 0, after: 0 },
    },
    rules: faultsFor(random, MINUTE),
  }) satisfies PeerOptionsInput

const orThrow = (what: string, result: { ok: boolean; error?: unknown } | undefined): void => {
  if (result?.ok !== true) throw new Error(`${what}: ${JSON.stringify(result?.error)}`)
}

/** The first office has everything; the others were provisioned alike, or get it from the centre. */
async function furnishAll(
  offices: readonly OfficeAtWork[],
  kit: DistrictKit,
  server: CentralServer,
  random: () => number,
): Promise<void> {
  for (const office of offices) {
    const { index, life, officers } = office
    const isProvisioned = index === 0 || random() < 0.5
    orThrow(
      'furnishing',
      await life.ask({
        do: 'furnish',
        furnish: {
          root: kit.root,
          name: `Office ${index}`,
          officers: isProvisioned ? kit.officers.flat() : (kit.officers[index] ?? []),
          records: isProvisioned ? kit.records : [],
        },
      }),
    )
    const access = server.accesses[index]
    if (access === undefined) throw new Error(`office ${index} is not let in`)
    orThrow('joining', await life.ask({ do: 'join', officer: officers.administrator, ...access }))
    orThrow('first contact', await life.ask({ do: 'sync' }))
  }
}

/** Nobody reaches the centre, and everybody prepares, approves and sends the same cycle. */
async function workAlone(storm: Storm, meanwhile: readonly Event[]): Promise<void> {
  const { offices, random } = storm
  for (const office of offices) office.cutLine('centre', true)
  for (const [step, event] of meanwhile.entries()) {
    await Promise.all(offices.map((office) => (office.lost ? undefined : work(office, { returning: 0.05, random }))))
    await strike(storm, event)
    for (const office of offices) office.cutLine('centre', true)
    if (step === 0) for (const office of offices) if (!office.lost) await office.backUp()
  }
}

/** One after the other they reach the centre, where all want to send the same; some do not live to hear what it answers. */
async function meetUnderFire(storm: Storm): Promise<void> {
  const { offices, random } = storm
  const order = shuffled(
    offices.filter(({ lost }) => !lost),
    random,
  )
  for (const [at, office] of order.entries()) {
    if (at < UNDER_FIRE) await ambush(storm, office, at % 2 === 0 ? 'claim' : 'post')
    else office.cutLine('centre', random() < 0.2)
  }
}

async function calmDown(
  storm: Storm,
  present: readonly OfficeAtWork[],
  server: CentralServer,
  books: Books,
): Promise<void> {
  const { gone, random } = storm
  let leftOver = LEFT_OVER
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const office of present) {
      await helpOut(office, { present, gone, random })
      if (round >= BOOKS_CLOSED) await closeBooks(office, books, { present, random })
    }
    await pause(200)
    if (round < BOOKS_CLOSED || round % 3 !== 0) continue
    const states = await statesOf(present)
    if (!states.every((state) => isQuiet(state))) continue
    const contents = await contentsOf(present)
    if (compare({ contents, server: await server.content() }).length > 0) continue
    if (leftOver === 0) return
    leftOver -= 1
    const clerk = present[leftOver % present.length]
    const prepared = await clerk?.command('clerk', 'batches.prepare', { cycleId: CYCLE })
    // What it wrote down on the way has to be known everywhere before all is over.
    if (prepared?.ok && (prepared.value as { prepared: number }).prepared === 0) leftOver = 0
  }
}

const UNFINISHED: ReadonlySet<string> = new Set(['prepared', 'queued', 'sent', 'acknowledged', 'unknown'])

/** Nothing is under way, and nothing stands before an officer who could do something about it. */
const isQuiet = (state: OfficeState): boolean =>
  state.doubt === '' &&
  state.serverDoubt === '' &&
  !state.removalsAsked &&
  state.conflicts.length === 0 &&
  state.refusals.length === 0 &&
  state.unsent.length === 0 &&
  askedAbout(state).length === 0 &&
  state.payments.every((payment) => !UNFINISHED.has(payment.state))

async function statesOf(offices: readonly OfficeAtWork[]): Promise<OfficeState[]> {
  const states = await Promise.all(offices.map((office) => office.state()))
  return states.map((state) => state ?? endedByItself())
}

async function contentsOf(offices: readonly OfficeAtWork[]) {
  const contents = await Promise.all(offices.map((office) => office.content()))
  return contents.map((content) => content ?? endedByItself())
}

const endedByItself = (): never => {
  throw new Error('a core ended by itself')
}

/** Batches of payments that are not over, as each office and the central server have them. */
async function stuckBatches(
  states: readonly OfficeState[],
  server: CentralServer,
  lost: ReadonlySet<string>,
): Promise<string[]> {
  const stuck = states.flatMap(({ payments }) =>
    payments.filter(({ id, state }) => UNFINISHED.has(state) || lost.has(id)),
  )
  const told: string[] = []
  for (const id of new Set(stuck.map(({ batchId }) => batchId))) {
    told.push(`stuck: ${id} claim ${await server.claimOf(id)}`)
    for (const { installationId, batches } of states) {
      const { submission, ...batch } = batches.find((one) => one.id === id) ?? {}
      told.push(`stuck: ${installationId} ${JSON.stringify({ ...batch, submission: submission?.id })}`)
    }
  }
  return told
}

async function figuresOf(
  { counts }: Storm,
  present: readonly OfficeAtWork[],
  server: CentralServer,
  { ledger, toldUnpaid }: Books,
): Promise<DistrictRunFigures> {
  const states = await statesOf(present)
  const figures = weighDistrict({
    states,
    contents: await contentsOf(present),
    server: await server.content(),
    ledger: await ledger(),
    toldUnpaid,
    refused: (await server.peer.summary()).refused,
    users: present.map(({ index }) => server.accesses[index]?.settings.user ?? ''),
  })
  const findings = [...figures.findings]
  let auditBroken = 0
  for (const [at, office] of present.entries()) {
    const verified = await office.life.call(office.officers.administrator, 'query', 'audit.verify', {})
    const value = verified?.ok ? (verified.value as { break: unknown }) : undefined
    if (value?.break !== null) {
      auditBroken += 1
      findings.push(`audit: office ${office.index} ${JSON.stringify(verified)}`)
    }
    const state = states[at]
    for (const { document, code, arriving } of state?.quarantined ?? []) {
      findings.push(`kept aside: office ${office.index} ${document} ${code} ${arriving ? 'arriving' : ''}`)
    }
    if (figures.converged && figures.waiting === 0) continue
    const { central, unsent = [], refusals = [] } = state ?? {}
    findings.push(
      `contact: office ${office.index} ${JSON.stringify({ ...central, unsent: unsent.slice(0, 9), refusals })}`,
    )
    for (const job of state?.jobs ?? []) {
      if (job.kind === 'central.sync' || job.code !== '' || job.state === 'attention') {
        findings.push(`job: office ${office.index} ${job.kind} ${job.key} ${job.state} ${job.code} ${job.params}`)
      }
    }
    if (state?.doubt || state?.serverDoubt || state?.central.fault || (state?.findings.length ?? 0) > 0) {
      findings.push(
        `doubt: office ${office.index} ${state?.doubt} ${state?.serverDoubt} ${state?.findings} ${JSON.stringify(state?.central.fault)}`,
      )
    }
  }
  if (!figures.converged || figures.waiting > 0 || figures.lost > 0)
    findings.push(...(await stuckBatches(states, server, new Set(figures.lostIds))))
  const audited = (action: string): number => states.reduce((sum, { audit }) => sum + (audit[action] ?? 0), 0)
  return {
    ...figures,
    findings,
    auditBroken,
    ...counts,
    killsInFlight: counts.claimKills + counts.postKills,
    conflicts: audited('central.conflict-found') + audited('central.conflict-ruled'),
    takeovers: audited('batch.taken-over'),
    claimsLost: audited('batch.sent-back'),
  }
}
