import type { Submission, SubmissionLine } from '../../model/batch.ts'
import {
  Iban,
  Pain001,
  type PainAccount,
  type PainAgent,
  type PainTransfer,
  sumDecimals,
} from '../../model/pain-001.ts'
import { Bic, type Pain001Form } from '../../model/payment-file.ts'
import { parseFinancialAddress } from '../financial-address.ts'
import { decimalAmount } from '../money.ts'
import { type Ruling, refused, ruled } from '../ruling.ts'
import { digitsOf } from './file-name.ts'
import { noteOf } from './file-row.ts'
import { element, only, writeXml, type XmlElement } from './xml-text.ts'

export const PAIN_001 = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'

/** Letters that every bank takes (EPC217-08 §1.4). */
const NOT_LATIN = /[^a-zA-Z0-9/\-?:().,'+ ]/gu
/** Letters whose base letter Unicode does not know. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
  ɓ: 'b',
  ɗ: 'd',
  ƙ: 'k',
  ŋ: 'n',
  ɛ: 'e',
  ɔ: 'o',
  '&': '+',
  _: '-',
  '’': "'",
  ʼ: "'",
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a bank would not expect in a name
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff\p{Cs}]/gu

const latin = (text: string): string =>
  [...text.normalize('NFC')]
    .map((letter) => SPELLED[letter] ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(NOT_LATIN, '?')

/** A text as the message can carry it: no longer than it may be, in the letters that the bank takes, never empty. */
function fitted(text: string, longest: number, letters: Pain001Form['letters']): string {
  const clean = (letters === 'latin' ? latin(text) : text.normalize('NFC')).replace(UNSEEN, ' ').trim()
  let cut = ''
  for (const letter of clean) {
    if (cut.length + letter.length > longest) break
    cut += letter
  }
  return cut.trim() || '-'
}

/** Longest account number of the standard. */
const LONGEST_ACCOUNT = 34
const LONGEST_ID = 35
const PLAIN = /^[!-~]+$/

const isIban = (type: string, id: string): boolean => type.toLowerCase() === 'iban' && Iban.safeParse(id).success

/** Account and bank of a financial address, as ISO 20022 has them. */
export function painAccount(address: string): Ruling<{ account: PainAccount; agent: PainAgent | null }> {
  const parsed = parseFinancialAddress(address)
  if (!parsed.ok) return parsed
  const { type, provider } = parsed.value
  const id = type.toLowerCase() === 'iban' ? parsed.value.id.toUpperCase() : parsed.value.id
  if (id.length > LONGEST_ACCOUNT || !PLAIN.test(id)) return refused('file.account-unfit', { maximum: LONGEST_ACCOUNT })
  if (provider.length > LONGEST_ID || type.length > LONGEST_ID) {
    return refused('file.account-unfit', { maximum: LONGEST_ACCOUNT })
  }
  const scheme = type === '' ? null : type
  const account: PainAccount = isIban(type, id) ? { kind: 'iban', iban: id } : { kind: 'other', id, scheme }
  const bic = provider.toUpperCase()
  if (provider === '') return ruled({ account, agent: null })
  const agent: PainAgent = Bic.safeParse(bic).success ? { kind: 'bic', bic } : { kind: 'other', id: provider }
  return ruled({ account, agent })
}

const NOBODY: PainAgent = { kind: 'other', id: 'NOTPROVIDED' }

/** Digits of the message id in front of the number of an instruction. */
const INSTRUCTION = 24

export interface Pain001Wish {
  readonly submission: Pick<Submission, 'programmeName' | 'cycleName' | 'payerAddress' | 'payerName' | 'currency'>
  readonly lines: readonly SubmissionLine[]
  readonly form: Pain001Form
  readonly messageId: string
  /** Epoch milliseconds. */
  readonly madeAt: number
}

const DAY = 86_400_000

/** The message of one file: the same for the same submission, settings and time. */
export function pain001Message({ submission, lines, form, messageId, madeAt }: Pain001Wish): Ruling<Pain001> {
  const { letters } = form
  const id = digitsOf(messageId)
  const debtor = painAccount(submission.payerAddress)
  if (!debtor.ok) return debtor
  const transfers: PainTransfer[] = []
  for (const [place, line] of lines.entries()) {
    const transfer = transferOf(line, `${id.slice(0, INSTRUCTION)}-${place + 1}`, submission, letters)
    if (!transfer.ok) return transfer
    transfers.push(transfer.value)
  }
  const total = {
    numberOfTransactions: String(transfers.length),
    controlSum: sumDecimals(transfers.map(({ amount }) => amount)),
  }
  const payer = fitted(submission.payerName || submission.payerAddress, 140, letters)
  const message: Pain001 = {
    header: {
      messageId: id,
      createdAt: `${new Date(madeAt).toISOString().slice(0, 19)}Z`,
      ...total,
      initiatingPartyName: payer,
      initiatingPartyId: form.initiatingPartyId || null,
    },
    payments: {
      id,
      ...total,
      serviceLevel: form.serviceLevel || null,
      categoryPurpose: form.categoryPurpose || null,
      executionDate: new Date(madeAt + form.daysUntilExecution * DAY).toISOString().slice(0, 10),
      debtorName: payer,
      debtorAccount: debtor.value.account,
      debtorAgent: form.debtorBic === '' ? (debtor.value.agent ?? NOBODY) : { kind: 'bic', bic: form.debtorBic },
      chargeBearer: form.chargeBearer,
      transfers,
    },
  }
  // Whatever is wrong with it would be found by the bank after the file is out of the house.
  return Pain001.safeParse(message).success ? ruled(message) : refused('file.not-iso-20022')
}

function transferOf(
  line: SubmissionLine,
  instructionId: string,
  submission: Pain001Wish['submission'],
  letters: Pain001Form['letters'],
): Ruling<PainTransfer> {
  const amount = decimalAmount(line.amount, submission.currency)
  if (!amount.ok) return amount
  const creditor = painAccount(line.payeeAddress)
  if (!creditor.ok) return creditor
  return ruled({
    instructionId,
    endToEndId: digitsOf(line.paymentId),
    amount: amount.value,
    currency: submission.currency,
    creditorAgent: creditor.value.agent,
    creditorName: fitted(line.payeeName, 140, letters),
    creditorAccount: creditor.value.account,
    remittance: fitted(noteOf(submission), 140, letters),
  })
}

const accountXml = (name: string, account: PainAccount): XmlElement =>
  account.kind === 'iban'
    ? element(name, [element('Id', [element('IBAN', account.iban)])])
    : element(
        name,
        only(
          element('Id', [element('Othr', [element('Id', account.id)])]),
          account.scheme === null ? null : element('Tp', [element('Prtry', account.scheme)]),
        ),
      )

const agentXml = (name: string, agent: PainAgent): XmlElement =>
  element(name, [
    element('FinInstnId', [
      agent.kind === 'bic' ? element('BICFI', agent.bic) : element('Othr', [element('Id', agent.id)]),
    ]),
  ])

const transferXml = (transfer: PainTransfer): XmlElement =>
  element(
    'CdtTrfTxInf',
    only(
      element('PmtId', [element('InstrId', transfer.instructionId), element('EndToEndId', transfer.endToEndId)]),
      element('Amt', [element('InstdAmt', transfer.amount, { Ccy: transfer.currency })]),
      transfer.creditorAgent === null ? null : agentXml('CdtrAgt', transfer.creditorAgent),
      element('Cdtr', [element('Nm', transfer.creditorName)]),
      accountXml('CdtrAcct', transfer.creditorAccount),
      element('RmtInf', [element('Ustrd', transfer.remittance)]),
    ),
  )

/** The message as XML, its elements in the order of the standard. */
export function pain001Xml({ header, payments }: Pain001): string {
  const { serviceLevel, categoryPurpose } = payments
  const kind = only(
    serviceLevel === null ? null : element('SvcLvl', [element('Cd', serviceLevel)]),
    categoryPurpose === null ? null : element('CtgyPurp', [element('Cd', categoryPurpose)]),
  )
  return writeXml(
    element(
      'Document',
      [
        element('CstmrCdtTrfInitn', [
          element('GrpHdr', [
            element('MsgId', header.messageId),
            element('CreDtTm', header.createdAt),
            element('NbOfTxs', header.numberOfTransactions),
            element('CtrlSum', header.controlSum),
            element(
              'InitgPty',
              only(
                element('Nm', header.initiatingPartyName),
                header.initiatingPartyId === null
                  ? null
                  : element('Id', [element('OrgId', [element('Othr', [element('Id', header.initiatingPartyId)])])]),
              ),
            ),
          ]),
          element(
            'PmtInf',
            only(
              element('PmtInfId', payments.id),
              element('PmtMtd', 'TRF'),
              element('NbOfTxs', payments.numberOfTransactions),
              element('CtrlSum', payments.controlSum),
              kind.length === 0 ? null : element('PmtTpInf', kind),
              element('ReqdExctnDt', [element('Dt', payments.executionDate)]),
              element('Dbtr', [element('Nm', payments.debtorName)]),
              accountXml('DbtrAcct', payments.debtorAccount),
              agentXml('DbtrAgt', payments.debtorAgent),
              element('ChrgBr', payments.chargeBearer),
              ...payments.transfers.map(transferXml),
            ),
          ),
        ]),
      ],
      { xmlns: PAIN_001 },
    ),
  )
}
