import type { OfficeTime } from '../../../electron/core/clock/office-time.ts'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import { usualCallbackSettings } from '../../../shared/model/callback-settings.ts'
import { consentId, identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { addOfficer, individual, put, putConnector } from '../../core/district.ts'
import { answer, say } from '../core-answers.ts'
import type { CoreStart } from '../messages.ts'
import { BIRTHDAY, type ChaosPerson } from './people.ts'
import type { PersonNow, SeederFurnish, SeederStateNow, ToSeederCore } from './seeder-messages.ts'

/*
 * The core of one office with a connector to a token seeder, in a process of its own, which the driver kills. Only the clock and
 * the length of a minute are other than in the app.
 */

const CONNECTOR = 'connector'
const { vidType: VID, tokenType: TOKEN } = usualConnector('registry')

let ahead = 0
let office: Office | undefined

const timeOf = ({ minute }: CoreStart): OfficeTime => ({
  now: () => Date.now() + ahead,
  elapsed: () => Number(process.hrtime.bigint() / 1_000_000n),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
  random: Math.random,
  minute,
})

async function start(options: CoreStart): Promise<void> {
  ahead = options.ahead
  const key = Buffer.from(options.key, 'hex')
  office = await openOffice({ directory: options.directory, key, training: true, time: timeOf(options) })
  const cutOff = office.store.sql("SELECT count(*) FROM token_request WHERE state = 'posting'").pluck().get() as number
  say({ from: 'ready', doubt: '', cutOff })
}

const open = (): Office => {
  if (office === undefined) throw new Error('the office is not open')
  return office
}

async function furnish({ settings, port, people }: SeederFurnish): Promise<null> {
  await addOfficer(open(), 'administrator', ['administrator'])
  await putConnector(open(), {
    ...usualConnector('registry'),
    ...settings,
    id: CONNECTOR,
    removed: false,
    name: 'Seeder',
    state: 'draft',
    runsAt: open().store.installationId,
    signature: '',
  })
  if (port > 0) {
    const settings = { ...usualCallbackSettings, on: true, bindAddress: '127.0.0.1', port, tls: false }
    await open().callbacks.save('administrator', settings)
  }
  for (const person of people) addPerson(person)
  return null
}

function addPerson({ number, name, vids, trouble }: ChaosPerson): void {
  const id = registrantId(number)
  put(
    open(),
    'registrant',
    individual(number, {
      name,
      givenName: name,
      familyName: '',
      gender: 'female',
      birthdate: BIRTHDAY,
      address: '1 Lake Road',
    }),
  )
  setVid(number, vids[0])
  if (trouble === 'no-consent') return
  put(open(), 'consent', {
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

/** Only of somebody who still has one: after a token a VID is entered anew by an officer alone. */
function setVid(number: string, value: string): void {
  const registrant = registrantId(number)
  const id = identityNumberId(registrant, VID)
  if (open().store.find('identityNumber', id)?.removed === true) return
  put(open(), 'identityNumber', {
    id,
    removed: false,
    registrantId: registrant,
    type: VID,
    value,
    status: 'valid',
    expiresOn: null,
    importId: '',
  })
}

function state(vids: readonly string[]): SeederStateNow {
  const { store } = open()
  const people = store
    .sql(
      `SELECT r.registry_number AS number,
         (SELECT n.value FROM identity_number n WHERE n.registrant_id = r.id AND n.type = $token AND n.removed = 0) AS token,
         (SELECT n.value FROM identity_number n WHERE n.registrant_id = r.id AND n.type = $vid AND n.removed = 0) AS vid,
         coalesce(i.state, '') AS state, coalesce(i.class || ' ' || i.code, '') AS reason
       FROM registrant r LEFT JOIN token_item i ON i.ref =
         (SELECT n.ref FROM token_item n WHERE n.registrant_id = r.id ORDER BY n.changed_at DESC, n.run_id DESC LIMIT 1)
       WHERE r.kind = 'individual' ORDER BY r.rowid`,
    )
    .all({ token: TOKEN, vid: VID }) as PersonNow[]
  const openRuns = store.sql('SELECT count(*) FROM token_run WHERE ended_at IS NULL').pluck().get() as number
  const duplicates = store.sql('SELECT count(*) FROM token_duplicate').pluck().get() as number
  return { people, openRuns, duplicates, found: foundIn(vids) }
}

/** Which of these texts stand anywhere in the store, in whichever table. */
function foundIn(texts: readonly string[]): string[] {
  const { store } = open()
  const tables = store
    .sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'registrant_search%'")
    .pluck()
    .all() as string[]
  const found = new Set<string>()
  for (const table of tables) {
    for (const row of store.sql(`SELECT * FROM ${table}`).raw().all() as unknown[][]) {
      const text = row
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
        .join('|')
      for (const one of texts) if (text.includes(one)) found.add(one)
    }
  }
  return [...found]
}

const run = (numbers: readonly string[] | null): Promise<string> =>
  open().tokenisation.runNow('administrator', CONNECTOR, numbers?.map(registrantId) ?? null)

process.on('message', (message: ToSeederCore) => {
  switch (message.do) {
    case 'start':
      void start(message.start)
      break
    case 'furnish':
      void answer(message.id, () => furnish(message.furnish))
      break
    case 'run':
      void answer(message.id, () => run(message.numbers))
      break
    case 'set-vid':
      void answer(message.id, async () => setVid(message.number, message.vid))
      break
    case 'state':
      void answer(message.id, async () => state(message.vids))
      break
    case 'jump':
      ahead = message.ahead
      office?.scheduler.look()
      break
    case 'cut-line':
      office?.http.cutLine(message.cut)
      break
    case 'close':
      void open()
        .close()
        .then(() => process.exit(0))
      break
  }
})
// The driver is gone: nobody would ever end this process.
process.on('disconnect', () => process.exit(1))
