import { managerProfiles } from '../../electron/core/channels/manager-profiles.ts'
import { type Office, openOffice } from '../../electron/core/office.ts'
import { approvedBatch, furnish } from '../core/dispatch/approved-batches.ts'
import { call, say } from './core-answers.ts'
import { CoreNow, serveDriver, timeWith } from './core-loop.ts'
import type { CoreStart, Furnish, StateNow, ToCore } from './messages.ts'

/*
 * The core of one office in a process of its own, which the driver kills. Only the clock and the length of a minute are
 * other than in the app.
 */

const core = new CoreNow()

/** Posts that a killed process left without an outcome. */
const CUT_OFF = `SELECT count(*) FROM delivery d WHERE outcome = 'posting' AND NOT EXISTS
  (SELECT 1 FROM delivery e WHERE e.batch_id = d.batch_id AND e.part = d.part AND e.post = d.post AND e.outcome <> 'posting')`

async function start(options: CoreStart): Promise<Office> {
  const office = await openOffice({
    directory: options.directory,
    key: Buffer.from(options.key, 'hex'),
    training: true,
    time: timeWith(() => Date.now() + core.ahead, options),
  })
  // Counted before the first job had a turn.
  const cutOff = office.store.sql(CUT_OFF).pluck().get() as number
  say({ from: 'ready', doubt: office.dispatch.status().doubt?.code ?? '', cutOff })
  return office
}

async function furnishOffice({ settings, proven, batches, payments }: Furnish): Promise<unknown> {
  const { store } = core.open()
  const world = await furnish(
    store,
    { disburse: settings.paymentEndpointUrl, status: settings.statusEndpointUrl },
    {
      ...managerProfiles.find(({ name }) => name === settings.profile)?.suggested,
      ...settings,
      apiTimeout: 1,
      duplicateProtectionProven: proven,
      statusPageSize: 20,
    },
  )
  const size = Math.ceil(payments / batches)
  for (let index = 0; index < batches; index += 1) {
    await approvedBatch(world, {
      name: String(index),
      count: Math.min(size, payments - index * size),
      from: index * size,
      now: Date.now() + core.ahead,
    })
  }
  return null
}

function state(): StateNow {
  const { store, dispatch } = core.open()
  const audit = store.sql('SELECT action, count(*) AS n FROM audit GROUP BY action').all() as {
    action: string
    n: number
  }[]
  return {
    payments: store
      .sql('SELECT id, registrant_id AS personId, batch_id AS batchId, state FROM payment ORDER BY id')
      .all() as StateNow['payments'],
    jobs: store
      .sql("SELECT id, kind, key, state, coalesce(fault ->> '$.code', '') AS code FROM job WHERE state <> 'done'")
      .all() as StateNow['jobs'],
    doubt: dispatch.status().doubt?.code ?? '',
    audit: {
      ...Object.fromEntries(audit.map(({ action, n }) => [action, n])),
      unknown: store.sql("SELECT count(*) FROM delivery WHERE outcome = 'unknown'").pluck().get() as number,
    },
  }
}

serveDriver<ToCore>(core, {
  start,
  answers: {
    furnish: (message) => furnishOffice(message.furnish),
    call: (message) => call(core.open(), message),
    state: () => state(),
  },
  cutLine: ({ cut }, office) => office?.http.cutLine(cut),
})
