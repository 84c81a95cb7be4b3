import { z } from 'zod'

/** Ways to name a party in Mojaloop (API definition 1.1, PartyIdType). */
export const PartyIdType = z.enum([
  'MSISDN',
  'EMAIL',
  'PERSONAL_ID',
  'BUSINESS',
  'DEVICE',
  'ACCOUNT_ID',
  'IBAN',
  'ALIAS',
])
export type PartyIdType = z.infer<typeof PartyIdType>

/** What stands in an HTTP header: printable, and no space at either end. */
const HeaderText = (longest: number) => z.string().regex(new RegExp(`^[!-~](?:[ -~]{0,${longest - 2}}[!-~])?$`))

/** Bytes of a file that Payment Hub EE takes when nobody told it otherwise (`csv.size`). */
export const USUAL_FILE_LIMIT = 100_000

/** Where the money of a file comes from. */
export const HubPayer = z.discriminatedUnion('kind', [
  /** The manager's payer address (`MSISDN:0413500001`) stands in every row. */
  z.object({ kind: z.literal('account') }),
  /** The hub puts in the account of the programme's budget; the payer columns stay empty. */
  z.object({ kind: z.literal('institution'), institutionId: HeaderText(100), programmeId: HeaderText(100) }),
])
export type HubPayer = z.infer<typeof HubPayer>

export const HubSigning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** `X-SIGNATURE` with an RSA key of the vault, whose certificate the hub has for the tenant. */
  z.object({ kind: z.literal('x-signature'), keyId: z.string().min(1).max(80) }),
])
export type HubSigning = z.infer<typeof HubSigning>

/** What Mifos Payment Hub EE wants beyond what every payment manager has. */
export const PaymentHubSettings = z.object({
  /** Header `Platform-TenantId`. */
  tenant: HeaderText(100),
  /** Header `Purpose`. */
  purpose: HeaderText(200),
  /** One of the modes that the deployment knows: `MOJALOOP` and `GSMA` pay row by row, `CLOSEDLOOP` and `SLCB` in bulk. */
  paymentMode: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  payer: HubPayer,
  payeeIdentifierType: PartyIdType,
  /** Header `X-PayeeDFSP-ID`: the institution of all payees; empty lets the hub find it. */
  payeeFsp: z.union([HeaderText(32), z.literal('')]),
  /** BIC of the only bank whose accounts are paid: a file names no bank. Empty where that is not asked. */
  payeeBank: z.union([z.string().regex(/^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/), z.literal('')]),
  /** The hub splits files by whole amounts unless its deployment says otherwise. */
  amounts: z.enum(['whole-units', 'decimals']),
  /** Bytes. */
  fileLimit: z.int().min(1_000).max(10_000_000),
  signing: HubSigning,
  /** Minutes after which a payment without a result comes under review. */
  stallLimit: z.int().min(5).max(20_160),
})
export type PaymentHubSettings = z.infer<typeof PaymentHubSettings>
