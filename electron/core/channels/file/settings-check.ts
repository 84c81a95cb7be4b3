import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { Fault } from '../../../../shared/contract/result.ts'
import type { CsvForm, PaymentFileSettings, VouchersForm } from '../../../../shared/model/payment-file.ts'
import type { BatchTag } from '../../../../shared/model/payment-manager.ts'
import type { KeyPurpose, KeyType } from '../../vault/message-keys.ts'

/** Something wrong with the settings of a file: where in the manager's settings, and what. */
export interface FileFinding extends Fault {
  readonly path: string
}

const at = (path: string, code: ErrorCode, params: Fault['params'] = {}): FileFinding => ({
  path: `paymentFile.${path}`,
  code,
  params,
})

const KEY_TYPE = { EdDSA: 'ed25519', ES256: 'ec', PS256: 'rsa', RS256: 'rsa' } as const

/** What a table must say about each payment, each by one of these columns. */
const NEEDED = {
  reference: ['reference', 'end_to_end_id'],
  payee: ['payee_address', 'payee_id'],
  amount: ['amount'],
} as const satisfies Record<string, readonly CsvForm['columns'][number]['field'][]>

/** Everything that is wrong with the file part of a manager's settings. */
export function checkFileSettings(
  settings: PaymentFileSettings,
  batchTags: readonly BatchTag[],
  findKeyType: (purpose: KeyPurpose, keyId: string) => KeyType | undefined,
): FileFinding[] {
  const { file, signing } = settings
  const findings: FileFinding[] = []
  const type = findKeyType('signing', signing.keyId)
  if (type === undefined) findings.push(at('signing', 'channel.no-signing-key'))
  else if (type !== KEY_TYPE[signing.alg]) findings.push(at('signing', 'channel.signing-key-unfit'))
  if (file.form === 'csv') findings.push(...checkColumns(file))
  if (file.form === 'vouchers') findings.push(...checkVouchers(file, batchTags))
  return findings
}

function checkColumns({ columns }: CsvForm): FileFinding[] {
  const findings: FileFinding[] = []
  for (const [field, oneOf] of Object.entries(NEEDED)) {
    const isThere = columns.some((column) => (oneOf as readonly string[]).includes(column.field))
    if (!isThere) findings.push(at('file.columns', 'file.column-needed', { field }))
  }
  const seen = new Set<string>()
  for (const [index, { heading }] of columns.entries()) {
    const name = heading.trim().toLowerCase()
    if (seen.has(name)) findings.push(at(`file.columns.${index}.heading`, 'file.heading-twice', { heading }))
    seen.add(name)
  }
  return findings
}

function checkVouchers({ configurations }: VouchersForm, batchTags: readonly BatchTag[]): FileFinding[] {
  const taken = new Set(configurations.flatMap((one) => one.batchTags))
  const takesAll = configurations.some((one) => one.batchTags.length === 0)
  return takesAll || batchTags.every(({ id }) => taken.has(id)) ? [] : [at('file.configurations', 'file.no-catch-all')]
}
