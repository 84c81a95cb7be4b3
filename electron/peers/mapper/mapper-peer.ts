import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '../payment-system/seeded-random.ts'
import { type ControlledPeer, readBody } from '../peer-process/control.ts'
import {
  type LinkedAccount,
  type MapperFault,
  type MapperLedgerEntry,
  MapperOrder,
  MapperPeerOptions,
  type MapperPeerOptionsInput,
  type MapperSummary,
} from './peer-options.ts'
import { answerFor, isNegative, itemFor, pathOf, type Question, readQuestion } from './wire.ts'

/** An account mapper: knows whose account is where, and says so in its generation's own way. */
export interface MapperPeer extends ControlledPeer {
  readonly port: number
  /** Where questions go. */
  readonly resolveUrl: string
  summary(): MapperSummary
  /** Everybody who was asked about, in order. */
  ledger(): readonly MapperLedgerEntry[]
  close(): Promise<void>
}

const LARGEST = 64_000_000

/** Starts it on the loopback address. */
export async function startMapperPeer(given: MapperPeerOptionsInput = {}): Promise<MapperPeer> {
  const options = MapperPeerOptions.parse(given)
  const { generation } = options
  const people = new Map(options.people.map((person): [string, LinkedAccount] => [person.id, person]))
  const random = seededRandom(options.seed)
  const ledger: MapperLedgerEntry[] = []
  let faults = options.faults.map((fault) => ({ ...fault, left: fault.times }))
  const counts = { requests: 0, asked: 0, largest: 0, signed: 0 }

  const takeFault = (...kinds: readonly MapperFault['do'][]): MapperFault | undefined => {
    const fault = faults.find((one) => kinds.includes(one.do))
    if (fault?.left != null) {
      fault.left -= 1
      if (fault.left === 0) faults = faults.filter((other) => other !== fault)
    }
    return fault
  }

  const itemsFor = ({ asked }: Question): object[] => {
    const fault = takeFault('lose', 'twice', 'other-reference', 'other-person', 'garbled')
    let items = asked.map((one, index) => {
      const known = people.get(one.id)
      ledger.push({ id: one.id, linked: known?.account != null })
      const item = itemFor(generation, one, known)
      if (fault?.do === 'other-reference') return { ...item, reference_id: `${one.reference_id}-x` }
      if (fault?.do === 'other-person') return { ...item, id: asked[(index + 1) % asked.length]?.id ?? one.id }
      return fault?.do === 'garbled' ? { ...item, fa: generation === 'spar-2' ? {} : 'somewhere' } : item
    })
    if (fault?.do === 'lose') items = items.filter((_, index) => (index + 1) % fault.every !== 0)
    if (fault?.do === 'twice') items = [...items, ...items]
    const shuffled = items
      .map((item) => ({ item, place: random() }))
      .sort((one, other) => one.place - other.place)
      .map(({ item }) => item)
    return generation === 'spar-2'
      ? shuffled.sort((one, other) => Number(isNegative(other)) - Number(isNegative(one)))
      : shuffled
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    counts.requests += 1
    const say = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const text = (await readBody(request, LARGEST)).toString('utf8')
    if (options.bearer !== '' && request.headers.authorization !== `Bearer ${options.bearer}`) {
      return say(401, { detail: 'Unauthorized' })
    }
    if (takeFault('cut') !== undefined) return void request.socket.destroy()
    const broken = takeFault('status')
    if (broken !== undefined) return say(broken.status, { detail: 'Internal Server Error' })
    const slow = takeFault('slow')
    if (slow !== undefined) await wait(slow.delay)
    if (request.method !== 'POST' || request.url !== pathOf[generation]) return say(404, { detail: 'Not Found' })
    const value: unknown = JSON.parse(text)
    const question = readQuestion(generation, value)
    const nothing = { transactionId: '', messageId: '' }
    if (question === undefined) return say(200, answerFor(generation, nothing, [], 'rjct.request.validation'))
    const refused = takeFault('refuse')
    if (refused !== undefined) return say(200, answerFor(generation, question, [], refused.code))
    if (question.asked.length > options.mostPeople) {
      return say(200, answerFor(generation, question, [], 'rjct.total_count.limit_exceeded'))
    }
    counts.asked += question.asked.length
    counts.largest = Math.max(counts.largest, question.asked.length)
    const { signature = '' } = value as { signature?: string }
    const isJwt = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(request.headers.authorization ?? '')
    if (signature !== '' || request.headers.signature !== undefined || isJwt) counts.signed += 1
    const named = takeFault('other-transaction') === undefined ? question : { ...question, transactionId: 'another' }
    say(200, answerFor(generation, named, itemsFor(question), ''))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Whoever hangs up while being heard is everyday life here; anything else is our own fault and must show.
      if (!request.destroyed || request.complete) console.error('mapper peer:', error)
      response.destroy()
    })
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    port,
    resolveUrl: origin + pathOf[generation],
    async obey(given) {
      const order = MapperOrder.parse(given)
      if (order.clearFaults === true) faults = []
      if (order.faults !== undefined) faults.push(...order.faults.map((fault) => ({ ...fault, left: fault.times })))
      for (const person of order.people ?? []) people.set(person.id, person)
      if (order.mostPeople !== undefined) options.mostPeople = order.mostPeople
    },
    summary: () => ({ ...counts }),
    ledger: () => ledger,
    page(after, limit) {
      const next = after + limit
      return { entries: ledger.slice(after, next), next: next < ledger.length ? next : null }
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
