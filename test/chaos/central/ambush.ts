import type { OfficeAtWork, OfficeLife } from './office-at-work.ts'
import { work } from './officers-at-work.ts'
import type { Storm } from './storm.ts'

/*
 * Offices that are killed while a claim or a message with payments is on its way. The moment is the one at which the server
 * reports that it has received the request and has not answered it.
 */

/** How long a request is kept waiting: shorter than an office waits for an answer. Milliseconds. */
const HELD = 900
/** How long somebody is waited for, and how often that is looked at. */
const PATIENCE = 4_000
const LOOK = 15
/** Steps that officers take meanwhile, so that something leaves. */
const STEPS = 5

export type Moment = 'claim' | 'post'

interface Caught {
  readonly office: OfficeAtWork
  readonly life: OfficeLife
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Kills whoever is first caught in the act, and starts it again, sometimes with an older copy of its store or folder. */
export async function ambush(storm: Storm, office: OfficeAtWork, moment: Moment): Promise<void> {
  const { random, counts } = storm
  const trap = moment === 'claim' ? await layForClaim(storm) : await layForPost(storm)
  // The line comes back only now: what has waited for it leaves at once.
  for (const line of ['centre', 'payments'] as const) office.cutLine(line, false)
  const provoked = provoke(storm, office)
  const caught = await until(trap)
  if (caught !== undefined) {
    const isUnderWay = caught.life.underWay[moment === 'claim' ? 'claims' : 'posts'] > 0
    const isOwn = caught.life === caught.office.life
    if (isUnderWay) counts[moment === 'claim' ? 'claimKills' : 'postKills'] += 1
    const what = random()
    const older = what < 0.5 ? 'no' : what < 0.8 ? 'store' : 'folder'
    if (!isOwn) await caught.office.endTwin()
    else if (await caught.office.restart(older, random())) counts.restores += 1
  }
  await provoked
  if (moment === 'claim') await storm.server.order({ clearFaults: true, faults: [...storm.faults] })
}

/** A claim of a batch, or of its payments, is held: before it is written, or when it is. */
async function layForClaim({ server, random, offices, users }: Storm): Promise<() => Promise<Caught | undefined>> {
  const [method, path] =
    random() < 0.5 ? (['PUT', '-claims/batch'] as const) : (['POST', '-claims/_bulk_docs'] as const)
  const held = random() < 0.5 ? 'hold-before' : 'hold-after'
  await server.order({ clearFaults: true, faults: [{ method, path, do: held, delay: HELD }] })
  return async () => {
    const [first] = (await server.summary()).held
    const office = first === undefined ? undefined : offices[users.indexOf(first.user)]
    return office === undefined ? undefined : busyOf([office], 'claims')
  }
}

/** The payment system takes a message in and answers late. */
async function layForPost({ system, offices }: Storm): Promise<() => Promise<Caught | undefined>> {
  const before = (await system.summary()).traffic.disburse
  await system.order({ script: [{ on: 'disburse', times: 1, fault: { do: 'answer-late', after: HELD } }] })
  return async () => ((await system.summary()).traffic.disburse > before ? busyOf(offices, 'posts') : undefined)
}

function busyOf(offices: readonly OfficeAtWork[], what: 'claims' | 'posts'): Caught | undefined {
  for (const office of offices) {
    if (office.lost) continue
    const life = office.lives.find(({ underWay }) => underWay[what] > 0)
    if (life !== undefined) return { office, life }
  }
  return undefined
}

async function until(look: () => Promise<Caught | undefined>): Promise<Caught | undefined> {
  for (let waited = 0; waited < PATIENCE; waited += LOOK) {
    const caught = await look()
    if (caught !== undefined) return caught
    await pause(LOOK)
  }
  return undefined
}

/** Officers bring their batches on, and try again what has waited. */
async function provoke({ random }: Storm, office: OfficeAtWork): Promise<void> {
  const { life } = office
  for (let step = 0; step < STEPS; step += 1) {
    const state = await office.state(life)
    if (state === undefined) return
    if (state.doubt !== '') await office.command('administrator', 'dispatch.confirmRestored', {}, life)
    if (state.serverDoubt !== '') await office.command('administrator', 'offices.confirmServer', {}, life)
    for (const { id, kind } of state.jobs) {
      if (kind === 'dispatch.batch') await office.command('clerk', 'outbox.runNow', { jobId: id }, life)
    }
    await work(office, { returning: 0, random, life })
    await pause(60)
  }
}
