import { generateKeyPairSync } from 'node:crypto'
import type { OfficeTime } from '../../../electron/core/clock/office-time.ts'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { putSecret } from '../../../electron/core/vault/secrets.ts'
import type { PaymentFileForm } from '../../../shared/model/payment-file.ts'
import { fileManager, forms, KEY } from '../../core/channels/file/file-forms.ts'
import { approvedBatch, furnish } from '../../core/dispatch/approved-batches.ts'
import { answer, call, say } from '../core-answers.ts'
import type { CoreStart } from '../messages.ts'
import type { FileState, ToFileCore } from './file-messages.ts'

/*
 * The core of an office that pays by files, in a process of its own, which the driver kills.
 */

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

/** Posts that a killed process left without an outcome. */
const CUT_OFF = `SELECT count(*) FROM delivery d WHERE outcome = 'posting' AND NOT EXISTS
  (SELECT 1 FROM delivery e WHERE e.batch_id = d.batch_id AND e.part = d.part AND e.post = d.post AND e.outcome <> 'posting')`

async function start(options: CoreStart): Promise<void> {
  ahead = options.ahead
  office = await openOffice({
    directory: options.directory,
    key: Buffer.from(options.key, 'hex'),
    training: false,
    time: timeOf(options),
  })
  const cutOff = office.store.sql(CUT_OFF).pluck().get() as number
  say({ from: 'ready', doubt: office.dispatch.status().doubt?.code ?? '', cutOff })
}

const open = (): Office => {
  if (office === undefined) throw new Error('the office is not open')
  return office
}

async function furnishOffice({ form, batches, payments }: Extract<ToFileCore, { do: 'furnish' }>): Promise<null> {
  const { store } = open()
  const { privateKey } = generateKeyPairSync('ed25519')
  store.transaction(OFFICE, (tx) => {
    putSecret(tx, 'signing-key', KEY, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
    tx.audit({ action: 'test.secret', subjectKind: 'secret', subjectId: KEY })
  })
  const settings = { ...fileManager(forms[form] as unknown as PaymentFileForm), partSize: 8 }
  const world = await furnish(store, { disburse: '', status: '' }, settings)
  const size = Math.ceil(payments / batches)
  for (let index = 0; index < batches; index += 1) {
    const count = Math.min(size, payments - index * size)
    await approvedBatch(world, { name: String(index), count, from: index * size, now: Date.now() + ahead })
  }
  return null
}

function state(): FileState {
  const { store, dispatch } = open()
  return {
    payments: store
      .sql('SELECT id, batch_id AS batchId, state, reason_code AS code FROM payment ORDER BY id')
      .all() as FileState['payments'],
    batches: store.sql('SELECT id, state FROM batch ORDER BY id').all() as FileState['batches'],
    doubt: dispatch.status().doubt?.code ?? '',
    unknown: store.sql("SELECT count(*) FROM delivery WHERE outcome = 'unknown'").pluck().get() as number,
  }
}

process.on('message', (message: ToFileCore) => {
  switch (message.do) {
    case 'start':
      void start(message.start)
      break
    case 'furnish':
      void answer(message.id, () => furnishOffice(message))
      break
    case 'call':
      void answer(message.id, () => call(open(), message))
      break
    case 'state':
      void answer(message.id, async () => state())
      break
    case 'jump':
      ahead = message.ahead
      office?.scheduler.look()
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
