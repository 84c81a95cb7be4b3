import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Submission } from '../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

const sha256 = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalize(value) as string)
    .digest('hex')

/**
 * SHA-256 (hex) of the settings that decide where the money goes and who answers for it. Pace, filters and names are
 * left out: changing them needs no new approval.
 */
export function managerDigest(manager: Omit<PaymentManager, 'changedAt' | 'changedBy' | 'signature'>): string {
  const { id, kind, profile, paymentEndpointUrl, statusEndpointUrl, envelopeUrl, envelopeStatusUrl } = manager
  const { payerAddress, payerName, senderId, senderUri } = manager
  const { receiverId, mode, amountsFormat, scheduledTimestamp, authentication, certificateAuthority } = manager
  const { clientCertificate, extraHeaders } = manager
  const { signing, replySigning, receiverKey, receiverJwksUrl, encryption, paymentHub, paymentFile } = manager
  // Who says where payees' accounts are; of addresses from the registry the submission itself holds all there is.
  const mapper = manager.payeeIdType === 'mapper' ? manager.mapper : undefined
  return sha256({
    id,
    kind,
    profile,
    paymentEndpointUrl,
    statusEndpointUrl,
    envelopeUrl,
    envelopeStatusUrl,
    payerAddress,
    payerName,
    senderId,
    senderUri,
    receiverId,
    mode,
    amountsFormat,
    scheduledTimestamp,
    authentication,
    clientCertificate,
    extraHeaders,
    signing,
    replySigning,
    receiverKey,
    receiverJwksUrl,
    encryption,
    certificateAuthority,
    mapper,
    ...(paymentHub === undefined ? {} : { paymentHub: { ...paymentHub, stallLimit: undefined } }),
    // How results are read moves no money.
    ...(paymentFile === undefined ? {} : { paymentFile: { ...paymentFile, results: undefined } }),
  })
}

/** Raised when what the digest covers changes, so that an old approval never fits a new meaning. */
const VERSION = 1

export type DigestedSubmission = Omit<
  Submission,
  'id' | 'changedAt' | 'changedBy' | 'digest' | 'makers' | 'submittedBy'
>

/** SHA-256 (hex) over the canonical form of everything that money depends on (design: "Life of a batch"). */
export function submissionDigest(submission: DigestedSubmission): string {
  const { batchId, number, programmeId, cycleId, managerId, channel, payerAddress, payerName, currency } = submission
  return sha256({
    version: VERSION,
    batchId,
    number,
    programmeId,
    cycleId,
    managerId,
    managerDigest: submission.managerDigest,
    channel,
    payerAddress,
    payerName,
    currency,
    count: submission.count,
    sum: submission.sum,
    partSize: submission.partSize,
    ...(submission.partStarts === undefined ? {} : { partStarts: submission.partStarts }),
    lines: submission.lines.map((line) => [
      line.paymentId,
      line.entitlementId,
      line.payeeAddress,
      line.payeeName,
      line.amount,
    ]),
  })
}
