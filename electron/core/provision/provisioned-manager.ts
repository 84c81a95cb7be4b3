import { z } from 'zod'
import { PaymentFileSettings } from '../../../shared/model/payment-file.ts'
import { PaymentHubSettings } from '../../../shared/model/payment-hub.ts'
import { PaymentManagerClaims } from '../../../shared/model/payment-manager.ts'

/*
 * A payment manager as a provisioning file writes it: what only another way to pay asks about may be left out. What is left
 * out has the value that it has in the form of the screens, so signatures and digests always cover every setting.
 */

const { shape } = PaymentManagerClaims

/** Settings of messages in the envelope of G2P Connect; nobody else reads them. */
const envelopeSettings = {
  envelopeUrl: shape.envelopeUrl.default(''),
  envelopeStatusUrl: shape.envelopeStatusUrl.default(''),
  locale: shape.locale.default('eng'),
  senderId: shape.senderId.default(''),
  senderUri: shape.senderUri.default(''),
  receiverId: shape.receiverId.default(''),
  mode: shape.mode.default('async'),
  amountsFormat: shape.amountsFormat.default('two-decimals'),
  scheduledTimestamp: shape.scheduledTimestamp.default('always'),
  statusBy: shape.statusBy.default('reference_id_list'),
  statusAction: shape.statusAction.default('txn-status'),
  statusPageSize: shape.statusPageSize.default(500),
  signing: shape.signing.default({ kind: 'placeholder', sandbox: false }),
  replySigning: shape.replySigning.default('none'),
  receiverKey: shape.receiverKey.default(null),
  receiverJwksUrl: shape.receiverJwksUrl.default(''),
  encryption: shape.encryption.default({ kind: 'none' }),
  duplicateProtectionProven: shape.duplicateProtectionProven.default(false),
  // Without any, no refusal of theirs is proof that no money moved.
  noMoneyMovedCodes: shape.noMoneyMovedCodes.default([]),
} as const

/** Settings of a line to a payment system, where there is none. */
const lineSettings = {
  paymentEndpointUrl: shape.paymentEndpointUrl.default(''),
  statusEndpointUrl: shape.statusEndpointUrl.default(''),
  apiTimeout: shape.apiTimeout.default(10),
  statusCheckActive: shape.statusCheckActive.default(true),
  statusCheckInterval: shape.statusCheckInterval.default(5),
  authentication: shape.authentication.default({ kind: 'none' }),
  clientCertificate: shape.clientCertificate.default(''),
  extraHeaders: shape.extraHeaders.default([]),
  certificateAuthority: shape.certificateAuthority.default(''),
} as const

/** A payment manager in a provisioning file, by its `kind`, with the signature that stands beside its settings. */
export const provisionedManager = <S extends z.ZodType<string>>(signature: S) =>
  z.discriminatedUnion('kind', [
    PaymentManagerClaims.extend({ kind: z.literal('g2p-connect'), signature }),
    PaymentManagerClaims.extend({
      kind: z.literal('payment-hub'),
      paymentHub: PaymentHubSettings,
      profile: shape.profile.default('payment-hub'),
      ...envelopeSettings,
      signature,
    }),
    PaymentManagerClaims.extend({
      kind: z.literal('file'),
      paymentFile: PaymentFileSettings,
      profile: shape.profile.default('file'),
      // Asked for by forms that name the payer.
      payerAddress: shape.payerAddress.default(''),
      ...envelopeSettings,
      ...lineSettings,
      signature,
    }),
  ])
