import { randomUUID } from 'node:crypto'
import { RequestHeader } from '../../../shared/contract/g2p-connect.ts'
import type { Protocol, Route } from '../payment-system/door.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { acknowledgement, type Reply, signedReply } from '../payment-system/reply.ts'
import { postCallback } from './callback.ts'
import { disburse } from './disburse.ts'
import { PATHS } from './paths.ts'
import { status } from './status.ts'

type Mode = 'async' | 'sync'

const misanswer: Route['misanswer'] = (system, { body }, fault) => {
  if (fault.do === 'reject-message') return rejectMessage(system, body, fault.code)
  if (fault.do !== 'acknowledge') return undefined
  const error = fault.code === '' ? undefined : { code: fault.code, message: 'As told.' }
  return acknowledgement(system, fault.ack, randomUUID(), error)
}

const disburseRoute = (mode: Mode): Route => ({
  kind: 'disburse',
  carryOut: (system, arrived, fault) => disburse(system, arrived, mode, fault),
  misanswer,
})

const statusRoute = (mode: Mode): Route => ({
  kind: 'status',
  carryOut(system, arrived, fault) {
    const { reply, callback } = status(system, arrived, mode, fault)
    if (callback !== null) postCallback(callback.uri, callback.body)
    return reply
  },
  misanswer,
})

/** G2P Connect 1.0.0: disburse and its status, both ways. */
export const G2P_CONNECT: Protocol = {
  keysPath: PATHS.keys,
  tokenPath: PATHS.token,
  routes: {
    [PATHS.disburse]: disburseRoute('async'),
    [PATHS.syncDisburse]: disburseRoute('sync'),
    [PATHS.status]: statusRoute('async'),
    [PATHS.syncStatus]: statusRoute('sync'),
  },
}

function rejectMessage(system: PaymentSystem, body: string, code: string): Reply {
  const raw: { header?: unknown; message?: { transaction_id?: unknown } } = JSON.parse(body)
  const header = RequestHeader.parse(raw.header)
  const wish = { action: `on-${header.action}`, status: 'rjct', code, text: 'As told.', total: 0, completed: 0 }
  return signedReply(system, header, wish, { transaction_id: raw.message?.transaction_id, disbursements_status: [] })
}
