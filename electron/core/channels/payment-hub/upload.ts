import type { KeyObject } from 'node:crypto'
import type { PaymentHubSettings } from '../../../../shared/model/payment-hub.ts'
import type { Envelope } from '../channel.ts'
import type { HubFile } from './files.ts'
import { signatureOf } from './x-signature.ts'

/** One form part named `data`, as the hub's own reader of forms wants it: no blank line within the file. */
const formOf = ({ name, csv }: HubFile, boundary: string): string =>
  [
    `--${boundary}`,
    `Content-Disposition: form-data; name="data"; filename="${name}"`,
    'Content-Type: text/csv',
    '',
    csv,
    `--${boundary}--`,
    '',
  ].join('\r\n')

const FORM =
  /^--[^\r\n]+\r\nContent-Disposition: form-data; name="data"; filename="([^"]+)"\r\n[^\r\n]+\r\n\r\n([^\r]*)\r\n--/

/** The file in an upload that this office made. */
export function fileIn(body: string): HubFile {
  const [, name, csv] = FORM.exec(body) ?? []
  if (name === undefined || csv === undefined) throw new Error('an upload without its file')
  return { name, csv }
}

export interface UploadFacts {
  readonly messageId: string
  readonly settings: PaymentHubSettings
  /** Signs it; undefined where the deployment wants no signature. */
  readonly key: KeyObject | undefined
  /** Where the hub may call about it; empty where nobody listens. */
  readonly callbackAddress: string
}

/** The upload of a file: the same bytes and headers for the same file, settings and key. It never expires. */
export function uploadOf(file: HubFile, { messageId, settings, key, callbackAddress }: UploadFacts): Envelope {
  const { tenant, purpose, payer, payeeFsp } = settings
  const boundary = `file-${messageId}`
  const headers = {
    'x-correlationid': messageId,
    'platform-tenantid': tenant,
    type: 'csv',
    purpose,
    filename: file.name,
    'content-type': `multipart/form-data; boundary=${boundary}`,
    ...(payer.kind === 'institution'
      ? { 'x-registering-institution-id': payer.institutionId, 'x-program-id': payer.programmeId }
      : {}),
    ...(payeeFsp === '' ? {} : { 'x-payeedfsp-id': payeeFsp }),
    ...(callbackAddress === '' ? {} : { 'x-callbackurl': callbackAddress }),
    ...(key === undefined ? {} : { 'x-signature': signatureOf({ correlationId: messageId, tenant }, file.csv, key) }),
  }
  return { body: formOf(file, boundary), headers, message: '', validUntil: null }
}
