import type { Protocol, Route } from '../payment-system/door.ts'
import { PATHS } from './paths.ts'
import { detail, listBatches, oneBatch } from './results.ts'
import { upload } from './upload.ts'

const misanswer: Route['misanswer'] = (_system, _arrived, fault) =>
  fault.do === 'reject-message'
    ? { status: 400, body: { errorCategory: 'Validation', errorCode: fault.code, errorDescription: 'As told.' } }
    : undefined

/** Mifos Payment Hub EE: its bulk processor and its operations app. */
export const PAYMENT_HUB: Protocol = {
  keysPath: PATHS.keys,
  tokenPath: PATHS.token,
  routes: {
    [PATHS.upload]: { kind: 'disburse', carryOut: upload, misanswer },
    [PATHS.batches]: { kind: 'status', method: 'GET', carryOut: listBatches, misanswer },
    [PATHS.detail]: { kind: 'status', method: 'GET', carryOut: detail, misanswer },
    [PATHS.batch]: { kind: 'status', method: 'GET', carryOut: oneBatch, misanswer },
  },
}
