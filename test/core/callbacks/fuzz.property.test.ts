import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Payment } from '../../../shared/model/payment.ts'
import { statesOf, until } from '../dispatch/sending-office.ts'
import { CalledScene } from './called.ts'

const COUNT = 4
const RUNS = 10_000

let called: CalledScene
let batchId: string
let payments: Payment[]
beforeAll(async () => {
  called = await CalledScene.open()
  batchId = await called.scene.send(COUNT)
  await until('taken', () => statesOf(called.office, batchId).acknowledged === COUNT)
  payments = called.payments(batchId)
})
afterAll(() => called.close())

type Mutation = (body: string) => string | Uint8Array

/** One place of a message, replaced by something else, and what else can happen to bytes on a line. */
const Mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(40), fc.string({ maxLength: 12 })).map(
    ([at, length, text]): Mutation =>
      (body) =>
        body.slice(0, at % body.length) + text + body.slice((at % body.length) + length),
  ),
  fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(
    ([which, value]): Mutation =>
      (body) => {
        const places = [...body.matchAll(/"[a-z_]+":("(?:[^"\\]|\\.)*"|[\d.]+|true|false)/g)]
        const place = places[which % places.length]
        if (place?.[1] === undefined) return body
        const from = place.index + place[0].length - place[1].length
        return body.slice(0, from) + JSON.stringify(value) + body.slice(from + place[1].length)
      },
  ),
  fc.nat().map(
    (at): Mutation =>
      (body) =>
        body.slice(0, at % body.length),
  ),
  fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })).map(([at, byte]): Mutation => {
    return (body) => {
      const bytes = Buffer.from(body)
      bytes[at % bytes.length] = byte
      return bytes
    }
  }),
  fc.constantFrom<Mutation>(
    (body) => body + body,
    (body) => body.replaceAll('succ', 'SUCC'),
    (body) => body.replace(/"amount":"[^"]*"/, '"amount":1e999'),
    (body) => body.replace('"header":{', '"header":{"__proto__":{"status":"succ"},'),
    (body) => body.replace('"message":{', '"message":{"disbursements_status":[null,7,[],{}],'),
    (body) => `\ufeff${body}`,
    (body) => body.replace(/"signature":"[^"]*"/, '"signature":null'),
  ),
)

test(`${RUNS} mutated callbacks neither crash nor settle anything`, async () => {
  // Every lie is "succ"; nobody with the payment system's key has ever said so.
  const bodies = payments.map((payment) => called.message([{ payment, status: 'rcvd' }]).replace('"rcvd"', '"succ"'))
  const used = new Set<string>()
  global.gc?.()
  const before = process.memoryUsage().heapUsed
  await fc.assert(
    fc.asyncProperty(fc.nat(COUNT - 1), Mutation, async (which, mutate) => {
      used.add((await called.apply(mutate(bodies[which] ?? ''))).split(' ')[0] ?? '')
    }),
    { numRuns: RUNS },
  )
  // A signature that names an unknown key is a reason to ask, no more.
  expect([...used].filter((outcome) => outcome !== 'asked')).toEqual(['refused'])
  expect(statesOf(called.office, batchId)).toEqual({ acknowledged: COUNT })
  expect(called.office.store.sql('SELECT count(*) FROM callback_seen').pluck().get()).toBe(0)
  global.gc?.()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150_000_000)
}, 300_000)
