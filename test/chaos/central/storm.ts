import type { FaultRuleInput } from '../../../electron/peers/couchdb/faults.ts'
import type { CouchdbProcess } from '../../../electron/peers/couchdb/start-couchdb-process.ts'
import type { PaymentPeer } from '../../../electron/peers/payment-system/start-peer.ts'
import { ambush } from './ambush.ts'
import { REFUSED_ADDRESS } from './district.ts'
import type { OfficeAtWork, OfficeLife } from './office-at-work.ts'
import { editFacts, work } from './officers-at-work.ts'

/*
 * What goes wrong in a district, one event after the other, each as likely as its weight says.
 */

export interface Storm {
  readonly offices: readonly OfficeAtWork[]
  readonly server: CouchdbProcess
  /** Of the central server, by office. */
  readonly users: readonly string[]
  /** How the central server misbehaves all the while. */
  readonly faults: readonly FaultRuleInput[]
  readonly system: PaymentPeer<string>
  readonly people: readonly string[]
  readonly random: () => number
  /** Installations whose laptop was lost. */
  readonly gone: Set<string>
  readonly counts: Record<
    | 'restores'
    | 'copies'
    | 'serverRestarts'
    | 'clockJumps'
    | 'losses'
    | 'cuts'
    // Killed while the server held a claim of theirs unanswered, and the payment system a message.
    | 'claimKills'
    | 'postKills',
    number
  >
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const YEAR = 365 * 24 * HOUR
const SKEWS = [0, 0, MINUTE, -MINUTE, 2 * HOUR, -HOUR, 26 * HOUR, YEAR, 2 * YEAR, -2 * YEAR]

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

export const pick = <T>(all: readonly T[], random: () => number): T => {
  const found = all[Math.floor(random() * all.length)]
  if (found === undefined) throw new Error('there is nothing to choose from')
  return found
}

export type Event = (storm: Storm, office: OfficeAtWork, life: OfficeLife) => Promise<void>

const events: readonly (readonly [weight: number, event: Event])[] = [
  [24, ({ random }, office, life) => work(office, { returning: 0.15, random, life })],
  [18, edit],
  [8, stopOrLetGo],
  [12, restart],
  [6, (_, office) => office.backUp()],
  [10, cutLine],
  [8, jump],
  [6, disturbServer],
  [4, copyFolder],
  [4, (storm, office) => ambush(storm, office, 'claim')],
  [4, (storm, office) => ambush(storm, office, 'post')],
]
const ALL = events.reduce((sum, [weight]) => sum + weight, 0)
/** How likely a laptop is lost in a run. */
const LOSING = 0.4

/** What happens in a run of so many events, in the order of this seed: of everything something. */
export function programmeOf(count: number, random: () => number): Event[] {
  const all = events.flatMap(([weight, event]) =>
    Array<Event>(Math.max(1, Math.round((weight * count) / ALL))).fill(event),
  )
  if (random() < LOSING) all.push(lose)
  return shuffled(all, random)
}

export function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const left = [...all]
  return all.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T)
}

/** It happens somewhere. */
export async function strike(storm: Storm, event: Event): Promise<void> {
  const { random } = storm
  const office = pick(
    storm.offices.filter(({ lost }) => !lost),
    random,
  )
  await event(storm, office, pick(office.lives, random))
}

/** A clerk changes a person, often where the money goes. */
async function edit({ people, random }: Storm, office: OfficeAtWork, life: OfficeLife): Promise<void> {
  const id = pick(people, random)
  const command = (path: string, input: object) => office.command('clerk', path, input, life)
  const what = random()
  if (what < 0.35) {
    const number = `+2519${20_000_000 + Math.floor(random() * 1_000_000)}`
    await command('registry.setContact', { registrantId: id, contact: { kind: 'phone', number }, prefer: true })
  } else if (what < 0.7) await editFacts(office, life, id, { area: pick(['North', 'South', 'East'], random) })
  else if (what < 0.78) await command('registry.remove', { id })
  else if (what < 0.9) await command('registry.restore', { id })
  else if (what < 0.95) await command('registry.deceased', { id, day: random() < 0.5 ? '2025-11-01' : null })
  // The central server of this district does not take such an address.
  else await editFacts(office, life, id, { address: REFUSED_ADDRESS })
}

/** A batch or a payment is held, let go or cancelled. */
async function stopOrLetGo({ random }: Storm, office: OfficeAtWork, life: OfficeLife): Promise<void> {
  const state = await office.state(life)
  if (state === undefined || state.batches.length === 0) return
  const { id: batchId } = pick(state.batches, random)
  const what = random()
  if (what < 0.25) await office.command('approver', 'dispatch.hold', { batchId, reason: 'asked by the mayor' }, life)
  else if (what < 0.5) await office.command('approver', 'dispatch.release', { batchId }, life)
  else if (what < 0.75) await office.command('approver', 'dispatch.cancel', { batchId, reason: 'made twice' }, life)
  else if (state.payments.length > 0) {
    const { id: paymentId, held } = pick(state.payments, random)
    await office.command('clerk', 'dispatch.holdPayment', { paymentId, held: !held }, life)
  }
}

/** The power fails; sometimes an older copy of the store, or of everything, is put in place. */
async function restart({ random, counts }: Storm, office: OfficeAtWork): Promise<void> {
  const what = random()
  const older = what < 0.4 ? 'no' : what < 0.72 ? 'store' : 'folder'
  if (await office.restart(older, random())) counts.restores += 1
  if (random() < 0.5) await office.command('administrator', 'dispatch.confirmRestored', {})
}

async function cutLine({ random, counts }: Storm, office: OfficeAtWork): Promise<void> {
  const line = random() < 0.6 ? 'centre' : 'payments'
  if (!office.isCut(line)) counts.cuts += 1
  office.cutLine(line, !office.isCut(line))
  await pause(random() * 200)
}

async function jump({ random, counts }: Storm, office: OfficeAtWork): Promise<void> {
  office.jump(pick(SKEWS, random))
  counts.clockJumps += 1
}

async function disturbServer({ server, random, counts }: Storm): Promise<void> {
  if (random() < 0.5) await server.order({ endSessions: true })
  else {
    await server.order({ do: 'stop' })
    await pause(random() * 400)
    await server.order({ do: 'start' })
    counts.serverRestarts += 1
  }
}

/** For a while two laptops are the same office; an administrator of the second may even confirm it. */
async function copyFolder({ random, counts }: Storm, office: OfficeAtWork): Promise<void> {
  if (office.twin !== undefined) {
    await office.endTwin()
    return
  }
  await office.copyFolder()
  counts.copies += 1
  if (random() < 0.6 && office.twin !== undefined) {
    await office.command('administrator', 'dispatch.confirmRestored', {}, office.twin)
  }
}

/** A laptop falls into the river; never more than one of a district. */
async function lose({ gone, counts }: Storm, office: OfficeAtWork): Promise<void> {
  if (gone.size > 0) return
  const state = await office.state()
  if (state === undefined) return
  gone.add(state.installationId)
  counts.losses += 1
  await office.lose()
}

/** How the central server misbehaves while the storm lasts. */
export function serverFaults(random: () => number): readonly FaultRuleInput[] {
  const chance = (): number => random() * 0.06
  return [
    { do: 'cut-before', probability: chance(), times: null },
    { method: 'POST', do: 'cut-after', probability: chance(), times: null },
    { method: 'PUT', do: 'cut-after', probability: chance(), times: null },
    { do: 'cut-within', probability: chance(), times: null },
    { do: 'status', status: 500, probability: chance(), times: null },
    { do: 'status', status: 503, probability: chance(), times: null },
    { method: 'POST', path: '_bulk_docs', do: 'quorum-missed', probability: chance() * 2, times: null },
    { method: 'PUT', do: 'quorum-missed', probability: chance() * 2, times: null },
    { do: 'delay', delay: 150, probability: chance(), times: null },
  ]
}
