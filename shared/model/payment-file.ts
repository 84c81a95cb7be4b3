import { z } from 'zod'
import { PartKey } from './payment.ts'
import { Id, Line, recordFields } from './record.ts'

/*
 * Settings of a payment manager that pays by files instead of an API: what the file is, and how the results that come back
 * are read. Nothing in them is secret.
 */

/** What a column of a payment file can hold. */
export const fileFields = [
  /** Place in the file, counted from 0 or from 1. */
  'index',
  'number',
  /** The payment's own reference: a UUID, and the same in the 32 digits that ISO 20022 has room for. */
  'reference',
  'end_to_end_id',
  'payee_name',
  /** The payee's financial address as it was approved, and its parts. */
  'payee_address',
  'payee_type',
  'payee_id',
  'payee_provider',
  'payer_name',
  'payer_address',
  'payer_type',
  'payer_id',
  'amount',
  'currency',
  'programme',
  'cycle',
  'note',
  /** The same text in every row: `text` of the column. */
  'text',
] as const
export const FileField = z.enum(fileFields)
export type FileField = z.infer<typeof FileField>

export const FileColumn = z.object({ field: FileField, heading: Line.min(1), text: Line })
export type FileColumn = z.infer<typeof FileColumn>

const column = (field: FileField, heading: string, text = ''): FileColumn => ({ field, heading, text })

/** The columns of OpenG2P's payment files (module g2p_payment_phee 17.0), in its order. */
export const openG2PColumns: readonly FileColumn[] = [
  column('index', 'id'),
  column('reference', 'request_id'),
  column('text', 'payment_mode', 'MOJALOOP'),
  column('payer_type', 'payer_identifier_type'),
  column('payer_id', 'payer_identifier'),
  column('payee_type', 'payee_identifier_type'),
  column('payee_id', 'payee_identifier'),
  column('amount', 'amount'),
  column('currency', 'currency'),
  column('note', 'note'),
]

export const CsvForm = z.object({
  form: z.literal('csv'),
  columns: z.array(FileColumn).min(1).max(40),
  delimiter: z.enum([',', ';', '\t', '|']),
  lineEnd: z.enum(['crlf', 'lf']),
  /** Some spreadsheets read UTF-8 only behind a byte-order mark; some banks refuse it. */
  byteOrderMark: z.boolean(),
})
export type CsvForm = z.infer<typeof CsvForm>

/** ISO 9362, eight or eleven characters. */
export const Bic = z.string().regex(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/)

/** A code of an external list of ISO 20022 (service level, category purpose), or none. */
const ExternalCode = z.string().regex(/^[A-Z]{0,4}$/)

export const Pain001Form = z.object({
  form: z.literal('pain.001'),
  /** The payer's bank; empty where the bank knows its customer by the account alone. */
  debtorBic: z.union([Bic, z.literal('')]),
  /** How the bank knows the office as its customer; empty for the name alone. */
  initiatingPartyId: z.string().regex(/^[ -~]{0,35}$/),
  serviceLevel: ExternalCode,
  /** `SSBE` is social security benefit. */
  categoryPurpose: ExternalCode,
  chargeBearer: z.enum(['DEBT', 'CRED', 'SHAR', 'SLEV']),
  /** Days from the making of the file to the day the bank pays. */
  daysUntilExecution: z.int().min(0).max(30),
  /** `latin` keeps to the letters that every bank takes (EPC217-08); others are written without their accents. */
  letters: z.enum(['latin', 'all']),
})
export type Pain001Form = z.infer<typeof Pain001Form>

/** A printed list with a signature column; the pay point's record. */
export const ListForm = z.object({
  form: z.literal('list'),
  /** Printed above the list: place, day, what to bring. */
  note: z.string().max(500),
})
export type ListForm = z.infer<typeof ListForm>

/** What stands on a voucher beside its QR code. */
export const voucherFields = ['programme', 'cycle', 'payee', 'amount', 'reference', 'validUntil', 'note'] as const
export const VoucherField = z.enum(voucherFields)
export type VoucherField = z.infer<typeof VoucherField>

/** One way to render vouchers (OpenG2P `g2p.payment.file.config`); the first that takes a batch's tag is used. */
export const VoucherConfiguration = z.object({
  id: Id,
  name: Line.min(1),
  /** Ids of the batch tags that it is for; empty takes every batch. */
  batchTags: z.array(Id).max(50),
  /** One sheet of paper for each payment, or as many vouchers on one as fit (`render_files_per_payment`). */
  rendering: z.enum(['per-payment', 'per-batch']),
  fields: z.array(VoucherField).min(1),
  note: z.string().max(500),
  /** Days from the making of the vouchers; null where they do not lapse. */
  validDays: z.int().min(1).max(730).nullable(),
})
export type VoucherConfiguration = z.infer<typeof VoucherConfiguration>

export const VouchersForm = z.object({
  form: z.literal('vouchers'),
  configurations: z.array(VoucherConfiguration).min(1).max(20),
})
export type VouchersForm = z.infer<typeof VouchersForm>

export const PaymentFileForm = z.discriminatedUnion('form', [CsvForm, Pain001Form, ListForm, VouchersForm])
export type PaymentFileForm = z.infer<typeof PaymentFileForm>
export type FileFormName = PaymentFileForm['form']

/** ISO 20022 statuses that can be final on the bank's side: on the payee's account, or taken from the payer's. */
export const PaidStatus = z.enum(['ACCC', 'ACSC'])
export type PaidStatus = z.infer<typeof PaidStatus>

const Words = z.array(Line.min(1)).min(1).max(20)

/** How a table of results is read. An empty heading means that there is no such column. */
export const ResultColumns = z.object({
  reference: Line.min(1),
  status: Line.min(1),
  /** Without amounts and payees in it a file settles nothing. */
  amount: Line.min(1),
  payee: Line.min(1),
  currency: Line,
  code: Line,
  text: Line,
  theirReference: Line,
  time: Line,
  /** What stands in the status column; compared without regard to case. Any other word decides nothing. */
  paid: Words,
  rejected: Words,
})
export type ResultColumns = z.infer<typeof ResultColumns>

export const PaymentFileSettings = z.object({
  file: PaymentFileForm,
  /** Key of the vault that signs each file, and its algorithm. */
  signing: z.object({ keyId: z.string().min(1).max(80), alg: z.enum(['EdDSA', 'ES256', 'PS256', 'RS256']) }),
  results: z.object({
    columns: ResultColumns,
    /** Which statuses of a pain.002 say that a payment is paid. */
    paidStatuses: z.array(PaidStatus).min(1),
  }),
})
export type PaymentFileSettings = z.infer<typeof PaymentFileSettings>

/**
 * What an officer did with the file of a part. Append-only. A `copied` file is out of the house with its first copy; one that
 * is `withdrawn` never was and never will be, which is proof that no money moved.
 */
export const FileDeed = z.object({
  ...recordFields,
  batchId: Id,
  part: PartKey,
  transmissionId: Id,
  deed: z.enum(['copied', 'withdrawn']),
  /** Of the copy, counted from 1; 0 of what was withdrawn. */
  number: z.int().min(0),
  /** Why another copy was needed, or why it was withdrawn; empty for a first copy. */
  reason: z.string().max(200),
  /** SHA-256 (hex) of the bytes; empty where a file was withdrawn whose bytes are gone with a newer store. */
  digest: z.union([z.string().length(64), z.literal('')]),
  officerId: Id,
})
export type FileDeed = z.infer<typeof FileDeed>
