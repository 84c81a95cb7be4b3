import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchFaults, type MtsFaultInput } from '../../../electron/peers/mts/faults.ts'
import { type MtsProcess, startMtsProcess } from '../../../electron/peers/mts/start-mts-process.ts'
import type { CallbackAuthentication } from '../../../shared/model/tokenisation.ts'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { seeded } from '../chaos-run.ts'
import { CoreLife } from '../core-handle.ts'
import { inventPeople, knownPeople } from './people.ts'
import type { SeederStateNow, ToSeederCore } from './seeder-messages.ts'
import { type SeederFigures, weighSeeder } from './seeder-verdict.ts'

/** What came of one run, and what it went through. */
export interface SeederRunFigures extends SeederFigures {
  /** Requests that were cut off by the end of the process. */
  readonly killsInFlight: number
  readonly kills: number
  readonly seederRestarts: number
  /** How often each bad habit struck. */
  readonly faults: number
  readonly callbacks: number
}

export interface SeederRunOptions {
  readonly seed: number
  readonly people: number
  /** The file to start as the core. */
  readonly core: string
}

/** A minute of waiting, milliseconds. */
const MINUTE = 60
const STORM = 14
const HOUR = 60 * MINUTE
/** How long it may take to put right, milliseconds. */
const CALM = 240_000

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** All that a seeder does badly, now and then. */
const habits = (random: () => number): MtsFaultInput[] => [
  { do: 'cut-before', probability: 0.03, times: null },
  { do: 'cut-after', probability: 0.05, times: null },
  { do: 'status', probability: 0.05, status: 500, times: null, path: 'POST' },
  { do: 'status', probability: 0.05, status: 503, times: null },
  { do: 'delay', probability: 0.08, delay: 150, times: null },
  ...batchFaults.map((kind) => ({
    do: kind,
    probability: 0.08 + random() * 0.08,
    times: null,
    count: Math.floor(random() * 6),
    delay: 60,
  })),
]

/** One office and one token seeder through a storm, until everybody is tokenised or listed with a reason. */
export async function seederRun({ seed, people: count, core }: SeederRunOptions): Promise<SeederRunFigures> {
  const random = seeded(seed)
  const directory = mkdtempSync(join(tmpdir(), 'chaos-mts-'))
  const data = join(directory, 'office')
  mkdirSync(data)
  const people = inventPeople(count, random)
  const isCalled = random() < 0.5
  const unreadableNames = people.filter(({ trouble }) => trouble === 'unreadable').map(({ name }) => name)
  const mts = await startMtsProcess({
    seed,
    people: knownPeople(people),
    takesStrangers: false,
    unreadableNames,
    processing: Math.floor(random() * 40),
    expirySeconds: random() < 0.3 ? 0.4 : 600,
    faults: habits(random) as never,
  })
  const start = { directory: data, key: randomBytes(32).toString('hex'), minute: MINUTE }
  const run = new SeederStorm(core, start, mts)
  try {
    await run.revive()
    const port = isCalled ? await freePort() : 0
    const usual = usualConnector('registry')
    const ways: CallbackAuthentication[] = ['none', 'staticBearer', 'odoo', 'oauth']
    const furnished = await run.life.ask({
      do: 'furnish',
      furnish: {
        port,
        people,
        settings: {
          mtsUrl: mts.origin,
          delivery: isCalled ? 'callback' : 'download',
          chunkSize: 2 + Math.floor(random() * 6),
          callback: {
            ...usual.callback,
            timeoutSeconds: 2,
            inBulk: random() < 0.5,
            httpMethod: (['POST', 'PUT', 'PATCH', 'GET'] as const)[Math.floor(random() * 4)] ?? 'POST',
            authType: ways[Math.floor(random() * ways.length)] ?? 'none',
            database: 'office',
            username: 'mts',
            clientId: 'seeder',
          },
        },
      },
    })
    if (furnished?.ok !== true) throw new Error(`the office could not be furnished: ${JSON.stringify(furnished)}`)
    await run.life.ask({ do: 'run', numbers: null })

    for (let event = 0; event < STORM; event += 1) {
      await pause(30 + random() * 200)
      const what = random()
      if (what < 0.35) await run.kill()
      else if (what < 0.5) await run.restartSeeder()
      else if (what < 0.6) {
        run.life.tell({ do: 'cut-line', cut: true })
        await pause(random() * 200)
        run.life.tell({ do: 'cut-line', cut: false })
      } else if (what < 0.8) run.jump([2 * HOUR, -HOUR, 26 * HOUR, 30_000][Math.floor(random() * 4)] ?? 0)
      else {
        const somebody = people[Math.floor(random() * people.length)]
        // One of their VIDs or the other; it may be on its way at this moment.
        if (somebody?.trouble === 'none') {
          const vid = somebody.vids[random() < 0.5 ? 0 : 1]
          await run.life.ask({ do: 'set-vid', number: somebody.number, vid })
        }
      }
      // Whoever may be sent again is.
      if (random() < 0.6) await run.life.ask({ do: 'run', numbers: null })
    }

    // From here on the world behaves; what is tried again later is so within moments.
    await mts.order({ clearFaults: true, expirySeconds: 600 })
    await run.calm(people.map(({ number }) => number))
    const vids = people.flatMap((person) => person.vids)
    const state = await run.state(vids)
    if (state === undefined) throw new Error('the core ended by itself')
    // Whoever has no token may still have a VID.
    const tokenised = new Set(state.people.filter(({ token }) => token !== null).map(({ number }) => number))
    const left = people.filter(({ number }) => tokenised.has(number)).flatMap((person) => person.vids)
    const found = state.found.filter((vid) => left.includes(vid))
    const { faultsMet, callbacks } = await mts.summary()
    return {
      ...weighSeeder(people, { ...state, found }),
      killsInFlight: run.cutOff,
      kills: run.kills,
      seederRestarts: run.seederRestarts,
      faults: Object.values(faultsMet).reduce((sum, met) => sum + met, 0),
      callbacks,
    }
  } finally {
    await run.life?.close()
    await mts.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The office of a run through its lives. */
class SeederStorm {
  life!: CoreLife<ToSeederCore>
  cutOff = 0
  kills = 0
  seederRestarts = 0
  #ahead = 0
  readonly #core: string
  readonly #start: { readonly directory: string; readonly key: string; readonly minute: number }
  readonly #mts: MtsProcess

  constructor(core: string, start: { directory: string; key: string; minute: number }, mts: MtsProcess) {
    this.#core = core
    this.#start = start
    this.#mts = mts
  }

  async revive(): Promise<void> {
    this.life = await CoreLife.start<ToSeederCore>(this.#core, { ...this.#start, ahead: this.#ahead })
    this.cutOff += this.life.cutOff
  }

  async kill(): Promise<void> {
    await this.life.kill()
    this.kills += 1
    await this.revive()
  }

  async restartSeeder(): Promise<void> {
    this.seederRestarts += 1
    await this.#mts.order({ do: 'restart' })
  }

  jump(ahead: number): void {
    this.#ahead = ahead
    this.life.tell({ do: 'jump', ahead })
  }

  async state(vids: readonly string[]): Promise<SeederStateNow | undefined> {
    const answer = await this.life.ask({ do: 'state', vids })
    return answer?.ok ? (answer.value as SeederStateNow) : undefined
  }

  /** Runs until nobody is on the way, and everybody has had another chance after the longest pause. */
  async calm(numbers: readonly string[]): Promise<void> {
    const ends = Date.now() + CALM
    for (let round = 0; round < 4; round += 1) {
      // A week of an office's minutes: longer than any pause.
      this.jump(this.#ahead + 200 * HOUR)
      await this.life.ask({ do: 'run', numbers: round === 3 ? numbers : null })
      for (;;) {
        const state = await this.state([])
        if (state !== undefined && state.openRuns === 0) break
        if (Date.now() > ends) return
        await pause(60)
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
