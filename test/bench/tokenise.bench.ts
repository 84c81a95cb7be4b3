import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { createHttp, type Http } from '../../electron/core/http/http.ts'
import { type Office, openOffice } from '../../electron/core/office.ts'
import { type Database, openDatabase } from '../../electron/core/store/database.ts'
import { OFFICE } from '../../electron/core/store/store.ts'
import { registryRequest } from '../../electron/core/tokenisation/mts/envelope.ts'
import { fetchFile, postRequest } from '../../electron/core/tokenisation/mts/seeder.ts'
import { findPerson, sendableOf } from '../../electron/core/tokenisation/person.ts'
import { findRun } from '../../electron/core/tokenisation/queries.ts'
import { type MtsProcess, startMtsProcess } from '../../electron/peers/mts/start-mts-process.ts'
import { consentId, identityNumberId, registrantId } from '../../shared/model/ids.ts'
import type { Connector } from '../../shared/model/tokenisation.ts'
import { usualConnector } from '../../shared/rules/tokenisation/defaults.ts'
import { individual, putConnector } from '../core/district.ts'
import { against, type BenchLine } from './bench-line.ts'
import { watchBlocks } from './block-watch.ts'
import { type Lap, stopwatch } from './stopwatch.ts'

const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 50_000)
const LONGEST_BLOCK = 250
const KEY = new Uint8Array(32).fill(9)
const CONNECTOR = 'connector'
/** People written in one transaction while the office is furnished. */
const SLICE = 500
/** Milliseconds between two looks for a file, as the office looks. */
const WAITS = [20, 40, 80, 160, 320, 640]

interface Figures {
  readonly lap: Lap
  readonly block: number
  /** The longest of it in which the thread itself was at work. */
  readonly atWork: number
  /** MB of the process once a quarter was done, and the most after that. */
  readonly early: number
  readonly most: number
}

/**
 * Tokenises 50,000 people with a seeder that answers at once, beside the same HTTP calls and one bulk row update per person on a
 * copy of the same database with no other logic: the token takes the VID's place in its row, which afterwards is found by it and
 * by its sequence, as every row of this schema is. A line tells the same beside an update of the text in the row alone, which
 * leaves what it is found by untrue. Two more say where the rest goes: the same calls with the rows that the rules ask for, and
 * with the run's own rows on top of them; what is above those is reading, checking, hashing and audit.
 */
export async function run(): Promise<readonly BenchLine[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-tokenise-'))
  const mts = await startMtsProcess({})
  try {
    const connector = await furnish(join(directory, 'office'), mts.origin)
    const laps: Lap[] = []
    for (const write of [updateRow, updateBody, storeToken, keepRun]) {
      cpSync(join(directory, 'office'), join(directory, 'bare'), { recursive: true })
      globalThis.gc?.()
      laps.push(await runBare(join(directory, 'bare'), connector, mts, write))
      rmSync(join(directory, 'bare'), { recursive: true })
    }
    const [bare, body, tokens, items] = laps as [Lap, Lap, Lap, Lap]
    globalThis.gc?.()
    const office = await runOffice(join(directory, 'office'), connector)
    const what = 'the same calls and one row update for each person'
    return [
      against('tokenise', office.lap.time, 'ms', { what, value: bare.time }),
      against('tokenise-beside-body-alone', office.lap.time, 'ms', {
        what: 'the same calls and the text of one row for each person, whose indexes stay untrue',
        value: body.time,
      }),
      against('tokenise-processor', office.lap.work, 'ms', { what, value: bare.work }),
      against('tokenise-processor-token-rows', tokens.work, 'ms', { what, value: bare.work }),
      against('tokenise-processor-run-rows', items.work, 'ms', { what, value: bare.work }),
      against('tokenise-longest-block', office.block, 'ms', { what: 'limit of the core thread', value: LONGEST_BLOCK }),
      against('tokenise-longest-block-at-work', office.atWork, 'ms', {
        what: 'limit of the core thread',
        value: LONGEST_BLOCK,
      }),
      against('tokenise-memory', office.most, 'MB', { what: 'after a quarter of the people', value: office.early }),
    ]
  } finally {
    await mts.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const open = (directory: string): Promise<Office> => openOffice({ directory, key: KEY, training: true })

async function furnish(directory: string, mtsUrl: string): Promise<Connector> {
  const office = await open(directory)
  const settings = usualConnector('registry')
  await putConnector(office, {
    ...settings,
    id: CONNECTOR,
    removed: false,
    name: 'Seeder',
    state: 'draft',
    runsAt: office.store.installationId,
    signature: '',
    mtsUrl,
  })
  for (let from = 0; from < PEOPLE; from += SLICE) {
    office.store.transaction(OFFICE, (transaction) => {
      for (let n = from + 1; n <= from + SLICE; n += 1) {
        const id = registrantId(`P${n}`)
        const facts = { gender: 'female', birthdate: '1976-01-01', address: `${n} Lake Road` } as const
        transaction.put('registrant', individual(`P${n}`, facts))
        transaction.put('identityNumber', {
          id: identityNumberId(id, settings.vidType),
          removed: false,
          registrantId: id,
          type: settings.vidType,
          value: String(2_014_391_641_000_000 + n),
          status: 'valid',
          expiresOn: null,
          importId: '',
        })
        transaction.put('consent', {
          id: consentId(id, 'mosip-token'),
          removed: false,
          registrantId: id,
          purpose: 'mosip-token',
          given: true,
          on: '2026-01-01',
          how: 'paper',
          note: '',
        })
      }
      transaction.audit({ action: 'bench.people', subjectKind: 'office', subjectId: String(from) })
    })
  }
  const connector = office.store.get('connector', CONNECTOR)
  await office.close()
  return connector
}

async function runOffice(directory: string, connector: Connector): Promise<Figures> {
  const office = await open(directory)
  await warmUp(office, connector)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const endWatch = watchBlocks()
  const lap = stopwatch()
  const id = await office.tokenisation.runNow('administrator', CONNECTOR, null)
  let [early, most] = [0, 0]
  for (;;) {
    await pause(100)
    const memory = process.memoryUsage.rss() / 2 ** 20
    const posted = office.store.sql('SELECT count(*) FROM token_request').pluck().get() as number
    if (posted * connector.chunkSize <= PEOPLE / 4) early = Math.max(early, memory)
    else most = Math.max(most, memory)
    if (office.store.sql('SELECT ended_at FROM token_run').pluck().get() !== null) break
  }
  const taken = lap()
  delay.disable()
  const atWork = endWatch()
  const view = findRun(office.store, id)
  if (view?.counts.tokenised !== PEOPLE) throw new Error(`${view?.state}: ${JSON.stringify(view?.counts)}`)
  await office.close()
  return { lap: taken, block: delay.max / 1e6, atWork, early, most }
}

/** Starts the threads that a run uses, since compiling their source costs what the app does not know. */
async function warmUp({ reader, journal, tokenisation }: Office, connector: Connector): Promise<void> {
  const { filter, vidType, tokenType } = connector
  await reader.run('tokenisation.candidates', { filter, vidType, tokenType, due: null, limit: 1 })
  await journal.fold(0)
  await tokenisation.views()
}

/** The people as they are sent, and where their numbers lie. */
interface BarePerson {
  readonly registrantId: string
  readonly rowId: string
  readonly sent: Readonly<Record<string, string>>
}

/** What is written of one person whose token came. */
type Write = (person: BarePerson, token: string) => void

/** The bare limit: the row holds the token in place of the VID. */
const updateRow = (database: Database): Write => {
  const update = database.prepare(
    `UPDATE identity_number SET seq = ?, type = 'MOSIP UIN TOKEN', value = ?,
       body = json_set(body, '$.type', 'MOSIP UIN TOKEN', '$.value', ?) WHERE id = ?`,
  )
  const sequence = 1 + (database.prepare('SELECT max(seq) FROM identity_number').pluck().get() as number)
  return ({ rowId }, token) => void update.run(sequence, token, token, rowId)
}

/** Less than that: nothing that an index knows is changed. */
const updateBody = (database: Database): Write => {
  const update = database.prepare("UPDATE identity_number SET body = json_set(body, '$.value', ?) WHERE id = ?")
  return ({ rowId }, token) => void update.run(token, rowId)
}

/** The token is a number of its own, and the VID goes from its record and from what it is found by. */
const storeToken = (database: Database): Write => {
  const insert = database.prepare(
    `INSERT INTO identity_number SELECT ?, seq, changed_at, 0, registrant_id, 'MOSIP UIN TOKEN', ?, '',
       json_set(body, '$.value', ?) FROM identity_number WHERE id = ?`,
  )
  const remove = database.prepare(
    "UPDATE identity_number SET removed = 1, value = '', body = json_set(body, '$.value', '') WHERE id = ?",
  )
  return ({ registrantId, rowId }, token) => {
    insert.run(identityNumberId(registrantId, 'MOSIP UIN TOKEN'), token, token, rowId)
    remove.run(rowId)
  }
}

/** And a person's place in the run, which is chosen, sent and tokenised. */
const keepRun = (database: Database): Write => {
  const write = storeToken(database)
  const choose = database.prepare(
    "INSERT INTO token_item VALUES (?, 'run', NULL, ?, ?, NULL, 'chosen', '', '', '{}', 0, NULL, '', 1)",
  )
  const send = database.prepare(
    "UPDATE token_item SET state = 'sent', request_id = 1, vid_hash = ?, basis = ? WHERE ref = ?",
  )
  const settle = database.prepare("UPDATE token_item SET state = 'tokenised', changed_at = 2 WHERE ref = ?")
  const hash = new Uint8Array(32)
  return (person, token) => {
    const ref = person.sent.g2pRef
    choose.run(ref, CONNECTOR, person.registrantId)
    send.run(hash, person.rowId, ref)
    write(person, token)
    settle.run(ref)
  }
}

async function runBare(
  directory: string,
  connector: Connector,
  mts: MtsProcess,
  writeOf: (database: Database) => Write,
): Promise<Lap> {
  const people = await barePeople(directory, connector)
  const database = openDatabase(join(directory, 'office.db'), { bytes: KEY }, 'write')
  const write = writeOf(database)
  const http = createHttp()
  const signal = new AbortController().signal
  const lap = stopwatch()
  for (let from = 0; from < people.length; from += connector.chunkSize) {
    const chunk = people.slice(from, from + connector.chunkSize)
    const body = registryRequest(
      connector,
      chunk.map(({ sent }) => sent),
      undefined,
      Date.now(),
    )
    const posted = await postRequest(http, mts.origin, '/authtoken/json', body, signal)
    if (posted.kind !== 'taken') throw new Error(posted.kind)
    const rows = await bareFile(http, mts.origin, posted.identifier, signal)
    const work = (): void => {
      for (const [index, row] of rows.entries()) write(chunk[index] as BarePerson, row.token)
    }
    database.transaction(work).immediate()
  }
  const taken = lap()
  http.close()
  database.close()
  return taken
}

async function barePeople(directory: string, connector: Connector): Promise<BarePerson[]> {
  const office = await open(directory)
  const people = Array.from({ length: PEOPLE }, (_, index): BarePerson => {
    const id = registrantId(`P${index + 1}`)
    const person = findPerson(office.store, connector, id)
    if (person === undefined) throw new Error('nobody there')
    const { sent } = sendableOf(person, connector, `ref-${index}-00000000000000`)
    return { registrantId: id, rowId: identityNumberId(id, connector.vidType), sent }
  })
  await office.close()
  return people
}

async function bareFile(
  http: Http,
  url: string,
  identifier: string,
  signal: AbortSignal,
): Promise<readonly { readonly token: string }[]> {
  for (let look = 0; ; look += 1) {
    const file = await fetchFile(http, url, identifier, signal)
    if (file.kind === 'file') return JSON.parse(Buffer.from(file.body).toString('utf8'))
    await pause(WAITS[look] ?? 640)
  }
}
