import { SaxesParser } from 'saxes'
import { fail } from '../../../../../shared/contract/result.ts'
import type { PaidStatus } from '../../../../../shared/model/payment-file.ts'
import {
  type ResultLine,
  type ResultsFile,
  statusOfIso,
  type WholeVerdict,
} from '../../../../../shared/rules/payment-file/results.ts'

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.\d{2}$/
/** Deeper than any status report; a file can be nested to exhaust whoever reads it. */
const DEEPEST = 40
const LONGEST_TEXT = 10_000

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Node[]
  text: string
}

const find = (node: Node | undefined, ...path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>((at, name) => at?.children.find((child) => child.name === name), node)
const textAt = (node: Node | undefined, ...path: readonly string[]): string => find(node, ...path)?.text.trim() ?? ''

/** Why, as the bank says it: a code of the ISO list or its own, and its words. */
function reasonOf(node: Node): { readonly code: string; readonly text: string } {
  const reasons = node.children.filter(({ name }) => name === 'StsRsnInf')
  const code = reasons.map((one) => textAt(one, 'Rsn', 'Cd') || textAt(one, 'Rsn', 'Prtry')).find((one) => one !== '')
  const words = reasons.flatMap((one) =>
    one.children.filter(({ name }) => name === 'AddtlInf').map(({ text }) => text.trim()),
  )
  return { code: code ?? '', text: words.join(' ') }
}

function lineOf(node: Node, line: number, paidStatuses: readonly PaidStatus[]): ResultLine {
  const { code, text } = reasonOf(node)
  const original = find(node, 'OrgnlTxRef')
  const amount = find(original, 'Amt', 'InstdAmt')
  const account = find(original, 'CdtrAcct', 'Id')
  return {
    line,
    reference: textAt(node, 'OrgnlEndToEndId'),
    status: statusOfIso(textAt(node, 'TxSts'), code, paidStatuses),
    code,
    text,
    amount: amount?.text.trim() ?? '',
    currency: amount?.attributes.Ccy ?? '',
    payee: textAt(account, 'IBAN') || textAt(account, 'Othr', 'Id'),
    theirReference: textAt(node, 'AcctSvcrRef'),
    theirTime: textAt(node, 'AccptncDtTm'),
  }
}

/** The verdict on a whole message or on all payments of it; null where it says none. */
function wholeOf(node: Node, status: string, paidStatuses: readonly PaidStatus[]): WholeVerdict | null {
  const said = textAt(node, status)
  if (said === '') return null
  const { code, text } = reasonOf(node)
  return { status: statusOfIso(said, code, paidStatuses), code: code || said, text }
}

/**
 * Reads an ISO 20022 CustomerPaymentStatusReport (pain.002, any version). Document types and entities of its own are
 * refused, whatever they are for.
 *
 * @throws OfficeError `files.results-not-xml`, `files.results-doctype`, `files.results-other-report`, `files.results-no-lines`
 */
export function readPain002(pieces: Iterable<string>, paidStatuses: readonly PaidStatus[]): ResultsFile {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const open: Node[] = []
  const lines: ResultLine[] = []
  const messages = new Set<string>()
  let whole: WholeVerdict | null = null

  parser.on('error', (error) => fail('files.results-not-xml', {}, error))
  parser.on('doctype', () => fail('files.results-doctype'))
  parser.on('opentag', ({ local, uri, attributes }) => {
    if (open.length === 0 && (local !== 'Document' || !NAMESPACE.test(uri))) fail('files.results-other-report')
    if (open.length >= DEEPEST) fail('files.results-not-xml')
    const plain = Object.fromEntries(Object.values(attributes).map((one) => [one.local, one.value]))
    const node: Node = { name: local, attributes: plain, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  const addText = (text: string): void => {
    const node = open.at(-1)
    if (node === undefined) return
    node.text += text
    if (node.text.length > LONGEST_TEXT) fail('files.results-not-xml')
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const node = open.pop()
    if (node === undefined) return
    switch (node.name) {
      case 'TxInfAndSts':
        lines.push(lineOf(node, lines.length + 1, paidStatuses))
        break
      case 'OrgnlGrpInfAndSts':
        messages.add(textAt(node, 'OrgnlMsgId').replaceAll('-', '').toLowerCase())
        whole ??= wholeOf(node, 'GrpSts', paidStatuses)
        break
      case 'OrgnlPmtInfAndSts':
        whole ??= wholeOf(node, 'PmtInfSts', paidStatuses)
        break
      default:
        return
    }
    // It was read; a report can have very many of them.
    node.children.length = 0
    const siblings = open.at(-1)?.children
    if (siblings?.at(-1) === node) siblings.pop()
  })
  for (const piece of pieces) parser.write(piece)
  parser.close()
  if (lines.length === 0 && whole === null) fail('files.results-no-lines')
  return { form: 'pain.002', messages: [...messages], lines, whole }
}
