import { z } from 'zod'

/*
 * ISO 20022 CustomerCreditTransferInitiationV09 (pain.001.001.09), as far as payments of this kind need it: one debtor, one
 * day, credit transfers only. Lengths and patterns are the standard's.
 */

/** What XML 1.0 can hold, without the line breaks and tabs that a bank would not expect in a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in it
const TEXT = /^[^\u0000-\u001f\u007f-\u009f\ufffe\uffff\p{Cs}]*$/u

const text = (longest: number) => z.string().min(1).max(longest).regex(TEXT)
export const Max35Text = text(35)
export const Max140Text = text(140)

/** Digits with at most one point: 18 digits, of which 5 may stand behind the point (ActiveOrHistoricCurrencyAndAmount). */
export const PainAmount = z
  .string()
  .regex(/^\d{1,18}(?:\.\d{1,5})?$/)
  .refine((value) => value.replace('.', '').length <= 18)

export const Iban = z.string().regex(/^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/)
const BicFi = z.string().regex(/^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/)
const Code4 = z.string().regex(/^[A-Z]{1,4}$/)

export const PainAccount = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('iban'), iban: Iban }),
  /** `scheme`: what kind of account or alias it is, in the office's words; null where nothing says. */
  z.object({ kind: z.literal('other'), id: text(34), scheme: text(35).nullable() }),
])
export type PainAccount = z.infer<typeof PainAccount>

export const PainAgent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bic'), bic: BicFi }),
  /** A payment service, a wallet: known to the bank by another name. `NOTPROVIDED` where nothing is known. */
  z.object({ kind: z.literal('other'), id: text(35) }),
])
export type PainAgent = z.infer<typeof PainAgent>

export const PainTransfer = z.object({
  instructionId: Max35Text,
  endToEndId: Max35Text,
  amount: PainAmount,
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Null where the payee's address names nobody. */
  creditorAgent: PainAgent.nullable(),
  creditorName: Max140Text,
  creditorAccount: PainAccount,
  remittance: Max140Text,
})
export type PainTransfer = z.infer<typeof PainTransfer>

/** Adds decimals exactly, digit by digit. */
export function sumDecimals(values: readonly string[]): string {
  const places = Math.max(0, ...values.map((value) => value.split('.')[1]?.length ?? 0))
  let sum = 0n
  for (const value of values) {
    const [whole = '', fraction = ''] = value.split('.')
    sum += BigInt(whole + fraction.padEnd(places, '0'))
  }
  if (places === 0) return String(sum)
  const digits = String(sum).padStart(places + 1, '0')
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

const Total = z.object({
  numberOfTransactions: z.string().regex(/^\d{1,15}$/),
  controlSum: z.string().regex(/^\d{1,18}(?:\.\d{1,17})?$/),
})

export const Pain001 = z
  .object({
    header: Total.extend({
      messageId: Max35Text,
      createdAt: z.iso.datetime(),
      initiatingPartyName: Max140Text,
      initiatingPartyId: Max35Text.nullable(),
    }),
    payments: Total.extend({
      id: Max35Text,
      serviceLevel: Code4.nullable(),
      categoryPurpose: Code4.nullable(),
      executionDate: z.iso.date(),
      debtorName: Max140Text,
      debtorAccount: PainAccount,
      debtorAgent: PainAgent,
      chargeBearer: z.enum(['DEBT', 'CRED', 'SHAR', 'SLEV']),
      transfers: z.array(PainTransfer).min(1),
    }),
  })
  .superRefine(({ header, payments }, context) => {
    const { transfers } = payments
    const count = String(transfers.length)
    const sum = sumDecimals(transfers.map(({ amount }) => amount))
    for (const [where, total] of [
      ['header', header],
      ['payments', payments],
    ] as const) {
      if (total.numberOfTransactions !== count) {
        context.addIssue({ code: 'custom', path: [where, 'numberOfTransactions'], message: 'is not the count' })
      }
      if (total.controlSum !== sum) {
        context.addIssue({ code: 'custom', path: [where, 'controlSum'], message: 'is not the sum' })
      }
    }
    if (new Set(transfers.map(({ endToEndId }) => endToEndId)).size !== transfers.length) {
      context.addIssue({ code: 'custom', path: ['payments', 'transfers'], message: 'names a payment twice' })
    }
    if (new Set(transfers.map(({ currency }) => currency)).size > 1) {
      context.addIssue({ code: 'custom', path: ['payments', 'transfers'], message: 'has two currencies' })
    }
  })
export type Pain001 = z.infer<typeof Pain001>
