import { readPain001 } from '../../shared/rules/payment-file/pain-001-reader.ts'

/** A payment as the bank was told to make it. */
interface Order {
  readonly reference: string
  readonly amount: string
  readonly payee: string
}

interface Account extends Order {
  /** More than 1 is a double payment. */
  paid: number
  status: 'waiting' | 'paid' | 'rejected'
}

/** What an officer brings to the counter. */
export interface BroughtCopy {
  readonly name: string
  readonly form: string
  readonly content: string
}

/**
 * What is outside: a bank that pays each file once by its number, whichever copy comes first, and refuses what comes again.
 * An account of a payment that comes in two different files is paid twice: nothing but the office prevents that.
 */
export class FileBank {
  readonly #random: () => number
  readonly #files = new Map<string, readonly string[]>()
  readonly #bytes = new Map<string, string>()
  readonly #accounts = new Map<string, Account>()
  /** Copies of one file that were not the same bytes. */
  changed = 0
  refused = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /** The number of a file is its message's, or its name without the number of the copy. */
  bring({ name, form, content }: BroughtCopy): void {
    const orders = form === 'pain.001' ? ordersOfPain(content) : ordersOfTable(content)
    const number = form === 'pain.001' ? readPain001(content).header.messageId : name.replace(/-copy-\d+\..*$/, '')
    const known = this.#bytes.get(number)
    if (known !== undefined) {
      if (known !== content) this.changed += 1
      this.refused += 1
      return
    }
    this.#bytes.set(number, content)
    this.#files.set(
      number,
      orders.map(({ reference }) => reference),
    )
    for (const order of orders) this.#pay(order)
  }

  has(name: string, messageId: string): boolean {
    return this.#files.has(messageId) || this.#files.has(name)
  }

  /** Everything it decided so far about a batch's payments, some of it twice; undefined while it has nothing of them. */
  results(payments: ReadonlySet<string>, all: boolean): string | undefined {
    const known = [...this.#accounts.values()].filter(({ reference }) => payments.has(reference))
    if (all) for (const account of known) if (account.status === 'waiting') this.#settle(account)
    const told = known.filter(({ status }) => status !== 'waiting' && (all || this.#random() < 0.7))
    if (told.length === 0) return undefined
    const heading = 'request_id,status,amount,payee_identifier,code,reason,bank_reference'
    const row = ({ reference, status, amount, payee }: Account): string =>
      [
        reference,
        status === 'paid' ? 'PAID' : 'FAILED',
        amount,
        payee,
        status === 'paid' ? '' : 'AC04',
        '',
        `B-${reference}`,
      ].join(',')
    const rows = told.map(row)
    const again = this.#random() < 0.3 ? rows.slice(0, 2) : []
    return [heading, ...rows, ...again, ''].join('\r\n')
  }

  accountOf(reference: string): Readonly<Account> | undefined {
    return this.#accounts.get(reference)
  }

  #pay(order: Order): void {
    const account = this.#accounts.get(order.reference) ?? { ...order, paid: 0, status: 'waiting' as const }
    this.#accounts.set(order.reference, account)
    // It came in another file before: to a bank that is another payment.
    if (account.status !== 'waiting') account.paid += 1
    else if (this.#random() < 0.7) this.#settle(account)
  }

  #settle(account: Account): void {
    const rejected = this.#random() < 0.1
    account.status = rejected ? 'rejected' : 'paid'
    if (!rejected) account.paid += 1
  }
}

const dashed = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const ordersOfPain = (content: string): Order[] =>
  readPain001(content).payments.transfers.map(({ endToEndId, amount, creditorAccount }) => ({
    reference: dashed(endToEndId),
    amount,
    payee: creditorAccount.kind === 'iban' ? creditorAccount.iban : creditorAccount.id,
  }))

/** The tables of these runs have no cell that needs quotes. */
function ordersOfTable(content: string): Order[] {
  const [heading = '', ...rows] = content.trim().split('\r\n')
  const names = heading.split(',')
  const at = (cells: readonly string[], name: string): string => cells[names.indexOf(name)] ?? ''
  return rows.map((row) => {
    const cells = row.split(',')
    return {
      reference: at(cells, 'request_id'),
      amount: at(cells, 'amount'),
      payee: at(cells, 'payee_identifier'),
    }
  })
}
