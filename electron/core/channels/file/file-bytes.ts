import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { CompactSign } from 'jose'
import { fail } from '../../../../shared/contract/result.ts'
import type { PaymentFileSettings } from '../../../../shared/model/payment-file.ts'
import { writeCsv } from '../../../../shared/rules/payment-file/csv-file.ts'
import { pain001Xml } from '../../../../shared/rules/payment-file/pain-001-file.ts'
import { voucherText } from '../../../../shared/rules/payment-file/voucher.ts'
import type { Envelope } from '../channel.ts'
import type { FileMessage } from './file-message.ts'
import { voucherChecks } from './voucher-check.ts'

/** What is kept beside the bytes of a file. */
export const FILE_NAME = 'File-Name'
export const FILE_DIGEST = 'File-Digest'
export const FILE_SIZE = 'File-Size'
export const FILE_SIGNATURE = 'Signature'

const TYPE = {
  csv: 'text/csv; charset=utf-8',
  'pain.001': 'application/xml; charset=utf-8',
  list: 'application/json',
  vouchers: 'application/json',
} as const

export interface Seal {
  readonly settings: PaymentFileSettings
  /** The signing key's text in the vault. */
  readonly findKey: (keyId: string) => string | undefined
}

/** The signing key of a manager's files. @throws OfficeError `channel.no-signing-key`, `channel.signing-key-unfit` */
export function fileKey({ settings: { signing }, findKey }: Seal): KeyObject {
  const text = findKey(signing.keyId) ?? fail('channel.no-signing-key')
  try {
    return text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text), format: 'jwk' })
      : createPrivateKey(text)
  } catch (error) {
    return fail('channel.signing-key-unfit', {}, error)
  }
}

function write(message: FileMessage, { file }: PaymentFileSettings, key: KeyObject): string {
  switch (message.form) {
    case 'csv':
      return file.form === 'csv' ? writeCsv(message.rows, file) : fail('channel.message-changed')
    case 'pain.001':
      return pain001Xml(message.document)
    case 'list':
      return `${JSON.stringify(message.sheet)}\n`
    case 'vouchers': {
      const checkOf = voucherChecks(key)
      const lines = message.sheet.lines.map((line) => ({
        ...line,
        voucher: voucherText(line.reference, checkOf(line.reference)),
      }))
      return `${JSON.stringify({ ...message.sheet, lines })}\n`
    }
  }
}

/**
 * The bytes of a file (always the same for the same message and key) with a detached JWS beside them (RFC 7515, appendix F).
 * Nothing in them ends with time.
 *
 * @throws OfficeError `channel.no-signing-key`, `channel.signing-key-unfit`
 */
export async function fileBytes(message: FileMessage, seal: Seal): Promise<Omit<Envelope, 'message'>> {
  const key = fileKey(seal)
  const body = write(message, seal.settings, key)
  const bytes = Buffer.from(body)
  const { alg, keyId } = seal.settings.signing
  const iat = Math.floor(message.madeAt / 1000)
  const jws = await new CompactSign(bytes)
    .setProtectedHeader({ alg, kid: keyId, iat })
    .sign(key)
    .catch((error: unknown) => fail('channel.signing-key-unfit', {}, error))
  const [head = '', , mark = ''] = jws.split('.')
  return {
    body,
    headers: {
      [FILE_NAME]: message.name,
      [FILE_DIGEST]: createHash('sha256').update(bytes).digest('hex'),
      [FILE_SIZE]: String(bytes.length),
      [FILE_SIGNATURE]: `${head}..${mark}`,
      'Content-Type': TYPE[message.form],
    },
    validUntil: null,
  }
}
