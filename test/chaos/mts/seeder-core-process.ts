import { type Office, openOffice } from '../../../electron/core/office.ts'
import { usualCallbackSettings } from '../../../shared/model/callback-settings.ts'
import { consentId, identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { addOfficer, individual, put, putConnector } from '../../core/district.ts'
import { say } from '../core-answers.ts'
import { CoreNow, serveDriver, timeWith } from '../core-loop.ts'
import type { CoreStart } from '../messages.ts'
import { BIRTHDAY, type ChaosPerson } from './people.ts'
import type { PersonNow, SeederFurnish, SeederStateNow, ToSeederCore } from './seeder-messages.ts'

/*
 * The core of one office with a connector to a token seeder, in a process of its own, which the driver kills. Only the clock and
 * the length of a minute are other than in the app.
 */

const CONNECTOR = 'connector'
const { vidType: VID, tokenType: TOKEN } = usualConnector('registry')

const core = new CoreNow()

async function start(options: CoreStart): Promise<Office> {
  const key = Buffer.from(options.key, 'hex')
  const time = timeWith(() => Date.now() + core.ahead, options)
  const office = await openOffice({ directory: options.directory, key, training: true, time })
  const cutOff = office.store.sql("SELECT count(*) FROM token_request WHERE state = 'posting'").pluck().get() as number
  say({ from: 'ready', doubt: '', cutOff })
  return office
}

async function furnish({ settings, port, people }: SeederFurnish): Promise<null> {
  await addOfficer(core.open(), 'administrator', ['administrator'])
  await putConnector(core.open(), {
    ...usualConnector('registry'),
    ...settings,
    id: CONNECTOR,
    removed: false,
    name: 'Seeder',
    state: 'draft',
    runsAt: core.open().store.installationId,
    signature: '',
  })
  if (port > 0) {
    const settings = { ...usualCallbackSettings, on: true, bindAddress: '127.0.0.1', port, tls: false }
    await core.open().callbacks.save('administrator', settings)
  }
  for (const person of people) addPerson(person)
  return null
}

function addPerson({ number, name, vids, trouble }: ChaosPerson): void {
  const id = registrantId(number)
  put(
    core.open(),
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
  put(core.open(), 'consent', {
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
  if (core.open().store.find('identityNumber', id)?.removed === true) return
  put(core.open(), 'identityNumber', {
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
  const { store } = core.open()
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
  const { store } = core.open()
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
  core.open().tokenisation.runNow('administrator', CONNECTOR, numbers?.map(registrantId) ?? null)

serveDriver<ToSeederCore>(core, {
  start,
  answers: {
    furnish: (message) => furnish(message.furnish),
    run: (message) => run(message.numbers),
    'set-vid': (message) => setVid(message.number, message.vid),
    state: (message) => state(message.vids),
  },
  cutLine: ({ cut }, office) => office?.http.cutLine(cut),
})
