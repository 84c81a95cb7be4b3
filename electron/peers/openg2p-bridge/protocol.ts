import { RequestHeader } from '../../../shared/contract/g2p-connect.ts'
import type { Protocol, Route } from '../payment-system/door.ts'
import { createDisbursements } from './disbursements.ts'
import { createEnvelope, envelopeStatus } from './envelopes.ts'
import { PATHS } from './paths.ts'
import { rejected } from './reply.ts'
import { disbursementStatus } from './results.ts'

const misanswer: Route['misanswer'] = (system, { body }, fault) =>
  fault.do === 'reject-message'
    ? rejected(system, RequestHeader.parse((JSON.parse(body) as { header?: unknown }).header), fault.code)
    : undefined

/** The OpenG2P G2P Bridge: envelopes, disbursements, and what bank statements showed of them. */
export const OPENG2P_BRIDGE: Protocol = {
  keysPath: PATHS.keys,
  tokenPath: PATHS.token,
  routes: {
    [PATHS.envelope]: { kind: 'open', carryOut: createEnvelope, misanswer },
    [PATHS.disburse]: { kind: 'disburse', carryOut: createDisbursements, misanswer },
    [PATHS.status]: { kind: 'status', carryOut: disbursementStatus, misanswer },
    [PATHS.envelopeStatus]: { kind: 'status', carryOut: envelopeStatus, misanswer },
  },
}
