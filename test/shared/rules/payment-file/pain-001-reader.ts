import { SaxesParser } from 'saxes'
import { Pain001, type PainAccount, type PainAgent } from '../../../../shared/model/pain-001.ts'

interface Node {
  readonly name: string
  readonly uri: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Node[]
  text: string
}

/** A document as a tree, by a reader that shares nothing with the writer. */
export function parseXml(text: string): Node {
  const root: Node = { name: '', uri: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('a document type')
  })
  parser.on('opentag', ({ local, uri, attributes }) => {
    const plain = Object.fromEntries(Object.values(attributes).map((one) => [one.local, one.value]))
    const node = { name: local, uri, attributes: plain, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  parser.on('text', (piece) => {
    const node = open.at(-1)
    if (node !== undefined) node.text += piece
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  const [document] = root.children
  if (document === undefined) throw new Error('no document')
  return document
}

const ORDER: Readonly<Record<string, readonly string[]>> = {
  GrpHdr: ['MsgId', 'CreDtTm', 'NbOfTxs', 'CtrlSum', 'InitgPty'],
  PmtInf: [
    ...['PmtInfId', 'PmtMtd', 'NbOfTxs', 'CtrlSum', 'PmtTpInf', 'ReqdExctnDt', 'Dbtr', 'DbtrAcct', 'DbtrAgt', 'ChrgBr'],
    'CdtTrfTxInf',
  ],
  PmtTpInf: ['SvcLvl', 'CtgyPurp'],
  CdtTrfTxInf: ['PmtId', 'Amt', 'CdtrAgt', 'Cdtr', 'CdtrAcct', 'RmtInf'],
}

/** The standard is a sequence: an element out of its place makes the whole file invalid. */
function checkOrder(node: Node): void {
  const order = ORDER[node.name]
  let last = 0
  for (const { name } of order === undefined ? [] : node.children) {
    const place = order?.indexOf(name) ?? 0
    if (place < last) throw new Error(`${name} stands out of its place in ${node.name}`)
    last = place
  }
  for (const child of node.children) checkOrder(child)
}

const find = (node: Node, ...path: string[]): Node | undefined =>
  path.reduce<Node | undefined>((at, name) => at?.children.find((child) => child.name === name), node)
const get = (node: Node, ...path: string[]): string => {
  const found = find(node, ...path)
  if (found === undefined) throw new Error(`no ${path.join('/')}`)
  return found.text
}
const maybe = (node: Node, ...path: string[]): string | null => find(node, ...path)?.text ?? null

function account(node: Node, name: string): PainAccount {
  const iban = maybe(node, name, 'Id', 'IBAN')
  return iban === null
    ? { kind: 'other', id: get(node, name, 'Id', 'Othr', 'Id'), scheme: maybe(node, name, 'Tp', 'Prtry') }
    : { kind: 'iban', iban }
}

function agent(node: Node, name: string): PainAgent | null {
  if (find(node, name) === undefined) return null
  const bic = maybe(node, name, 'FinInstnId', 'BICFI')
  return bic === null ? { kind: 'other', id: get(node, name, 'FinInstnId', 'Othr', 'Id') } : { kind: 'bic', bic }
}

/** Reads a pain.001.001.09 as a bank would, checked by the schema of the message. */
export function readPain001(text: string): Pain001 {
  const document = parseXml(text)
  if (document.uri !== 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09') throw new Error('another namespace')
  checkOrder(document)
  const header = find(document, 'CstmrCdtTrfInitn', 'GrpHdr')
  const payments = find(document, 'CstmrCdtTrfInitn', 'PmtInf')
  if (header === undefined || payments === undefined) throw new Error('a part of it is missing')
  return Pain001.parse({
    header: {
      messageId: get(header, 'MsgId'),
      createdAt: get(header, 'CreDtTm'),
      numberOfTransactions: get(header, 'NbOfTxs'),
      controlSum: get(header, 'CtrlSum'),
      initiatingPartyName: get(header, 'InitgPty', 'Nm'),
      initiatingPartyId: maybe(header, 'InitgPty', 'Id', 'OrgId', 'Othr', 'Id'),
    },
    payments: {
      id: get(payments, 'PmtInfId'),
      numberOfTransactions: get(payments, 'NbOfTxs'),
      controlSum: get(payments, 'CtrlSum'),
      serviceLevel: maybe(payments, 'PmtTpInf', 'SvcLvl', 'Cd'),
      categoryPurpose: maybe(payments, 'PmtTpInf', 'CtgyPurp', 'Cd'),
      executionDate: get(payments, 'ReqdExctnDt', 'Dt'),
      debtorName: get(payments, 'Dbtr', 'Nm'),
      debtorAccount: account(payments, 'DbtrAcct'),
      debtorAgent: agent(payments, 'DbtrAgt'),
      chargeBearer: get(payments, 'ChrgBr'),
      transfers: payments.children
        .filter(({ name }) => name === 'CdtTrfTxInf')
        .map((transfer) => ({
          instructionId: get(transfer, 'PmtId', 'InstrId'),
          endToEndId: get(transfer, 'PmtId', 'EndToEndId'),
          amount: get(transfer, 'Amt', 'InstdAmt'),
          currency: find(transfer, 'Amt', 'InstdAmt')?.attributes.Ccy,
          creditorAgent: agent(transfer, 'CdtrAgt'),
          creditorName: get(transfer, 'Cdtr', 'Nm'),
          creditorAccount: account(transfer, 'CdtrAcct'),
          remittance: get(transfer, 'RmtInf', 'Ustrd'),
        })),
    },
  })
}
