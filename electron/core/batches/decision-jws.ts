import type { KeyObject } from 'node:crypto'
import { type Decision, DecisionClaims } from '../../../shared/model/batch.ts'
import type { PublicKey } from '../../../shared/model/officer.ts'
import { isSignedBy, signClaims } from '../identity/signatures.ts'

/** The officer's signature on a decision: compact JWS (EdDSA) over {@link DecisionClaims} in RFC 8785 form. */
export const signDecision = (claims: DecisionClaims, key: KeyObject): Promise<string> =>
  signClaims('decision', DecisionClaims.parse(claims), claims.officerId, key)

/** Whether the decision carries its officer's signature over exactly what it says. */
export const isSignedDecision = (decision: Decision, key: PublicKey): Promise<boolean> =>
  isSignedBy('decision', DecisionClaims.parse(decision), decision.jws, decision.officerId, key)
