import { z } from 'zod'
import { editableFields, Id, Line, signedFields } from './record.ts'

export const Role = z.enum(['clerk', 'approver', 'administrator', 'auditor'])
export type Role = z.infer<typeof Role>

/** An Ed25519 public key as JWK (RFC 8037). */
export const PublicKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(40).max(50),
  kid: z.string().max(80).optional(),
})
export type PublicKey = z.infer<typeof PublicKey>

/** A role that an officer has for another one, for a stated time. */
export const Delegation = z.object({
  id: Id,
  /** Whose role it is. */
  from: Id,
  role: z.enum(['clerk', 'approver', 'auditor']),
  /** Epoch milliseconds; holds from the first and before the second. */
  begins: z.int(),
  ends: z.int(),
  /** The administrator who arranged it. */
  by: Id,
})

/** Somebody who works in the office. The administrator's signature covers all fields but itself and the change marks. */
export const Officer = z.object({
  ...editableFields,
  ...signedFields,
  name: Line.min(1),
  /** What the officer types or picks to sign in. */
  login: z.string().min(1).max(60),
  roles: z.array(Role).min(1),
  state: z.enum(['active', 'suspended', 'unapproved']),
  signingKey: PublicKey,
  /** Roles for others, those that ended as well: decisions were made while they held. */
  delegations: z.array(Delegation).max(100).optional(),
  /** Officers who created this record, reset its PIN or were stood in for by it: this officer cannot be their second pair of eyes (I7). */
  sponsors: z.array(Id),
  /** As whom the officer signs in at a provider; the subject counts for this provider and issuer alone. */
  signIn: z
    .object({ providerId: Id, issuer: z.string().min(1).max(500), subject: z.string().min(1).max(255) })
    .optional(),
  /** Compact JWS (EdDSA) by the trust root or an administrator over `OfficerClaims`. */
  signature: z.string(),
})
export type Officer = z.infer<typeof Officer>

export const OfficerClaims = Officer.omit({ signature: true, changedAt: true, changedBy: true })
export type OfficerClaims = z.infer<typeof OfficerClaims>
