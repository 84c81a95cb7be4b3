import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type {
  LookUpOutcome,
  PostedPayment,
  PostOutcome,
  Question,
  StatusWord,
} from '../../../../electron/core/channels/channel.ts'
import { openReply } from '../../../../electron/core/channels/g2p-connect/opening.ts'
import type { Answered } from '../../../../electron/core/http/exchange-types.ts'
import type { PaymentState } from '../../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { sameAddress } from '../../../../shared/rules/financial-address.ts'
import { movePayment, readObservation } from '../../../../shared/rules/payment-life.ts'
import { mutate, mutations } from './mutation.ts'
import { type Receiver, receivers } from './receivers.ts'
import { WireScene } from './wire-scene.ts'

const RUNS = 10_000
const names = ['One', 'Two', 'Three', 'Four', 'Five', 'Six']
/** Each another amount, so that one payment's answer never fits another. */
const amountOf = (at: number): number => 10_000 + at * 100 + at

/** A reply as it really came, and how it is read. */
interface Recording {
  readonly name: string
  readonly answer: Answered
  readonly payments: readonly PostedPayment[]
  readonly read: (answer: Answered) => Promise<{ readonly words: readonly StatusWord[]; readonly whole: unknown }>
}

const wordsIn = (outcome: PostOutcome | LookUpOutcome) => ({
  words: 'words' in outcome ? outcome.words : [],
  whole: outcome,
})

/** Replies of a payment system to a post and to questions, before and after the money moved. */
async function record(receiver: Receiver, mode: 'sync' | 'async'): Promise<Recording[]> {
  const { profile } = receiver
  const scene = await WireScene.open(
    {},
    {
      held: true,
      seed: 5,
      profile: {
        paidAfter: [1_000, 1_000],
        rejected: { 'rjct.payment.failed': 0.3 },
        late: { share: 0, after: 0 },
        reversed: { share: 0.2, after: 1_000 },
      },
    },
    () => ({ mode, signing: { kind: 'placeholder', sandbox: true } }),
    receiver,
  )
  scene.amountOf = amountOf
  const { manager } = scene
  const opened = (answer: Answered) =>
    openReply(answer, {
      settings: manager,
      keysFor: async () => [],
      findDecryptionKey: () => undefined,
      now: Date.now(),
    })
  const found: Recording[] = []
  const part = scene.part(names)
  const envelope = await scene.seal(part, names)
  scene.heard.length = 0

  const payments = scene.asked(part)
  await scene.post(envelope, part)
  for (const answer of scene.heard.splice(0)) {
    const read = async (heard: Answered) =>
      wordsIn(profile.readPostReply({ answer: heard, manager, payments, opened: await opened(heard) }))
    found.push({ name: 'post', answer, payments, read })
  }

  const ask = async (name: string): Promise<void> => {
    const question = scene.question(part)
    await scene.lookUp(part)
    for (const [at, answer] of scene.heard.splice(0).entries()) {
      const read = async (heard: Answered) =>
        wordsIn(readQuestion(receiver, question, manager, at, heard, await opened(heard)))
      found.push({ name, answer, payments, read })
    }
  }
  await ask('received')
  for (const step of ['paid', 'reversed']) {
    scene.peer.clock.advance(1_500)
    await ask(step)
  }
  scene.forgetTheirNames()
  await ask('asked without their names')
  return found
}

function readQuestion(
  { profile }: Receiver,
  question: Question,
  manager: PaymentManager,
  at: number,
  answer: Answered,
  opened: Awaited<ReturnType<typeof openReply>>,
) {
  const inquiry = profile.inquiries(question, manager)[at]
  if (inquiry === undefined) throw new Error('nothing was asked')
  return inquiry.read({ answer, manager, opened })
}

/** Where a payment that was received comes to by these words. */
function stateAfter(words: readonly StatusWord[], payment: PostedPayment): PaymentState {
  let state: PaymentState = 'acknowledged'
  for (const word of words.filter(({ paymentId }) => paymentId === payment.id)) {
    const { event } = readObservation(
      payment,
      { ...word, source: 'lookup' },
      { repliesAreSigned: false, repeated: false },
    )
    const next = movePayment(state, event)
    if (next.ok) state = next.value
  }
  return state
}

/** Items of a reply in the standard's words that say another amount, currency or payee; none of the code under test reads them. */
function contradicting(
  bytes: Uint8Array,
  { id, amount, currency, payeeAddress }: PostedPayment,
): Record<string, unknown>[] {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return []
  }
  return itemsOf(value, id).filter((item) => {
    const said = item.amount
    const isOther = typeof said === 'string' && said !== '' && Math.round(Number(said) * 100) !== amount
    const code = item.currency_code
    const payee = item.payee_fa
    return (
      isOther ||
      (typeof code === 'string' && code !== '' && code.trim().toUpperCase() !== currency) ||
      (typeof payee === 'string' && payee !== '' && !sameAddress(payee, payeeAddress))
    )
  })
}

/** What stands for a payment in the lists where the standard and receivers in the wild have it. */
function itemsOf(value: unknown, id: string): Record<string, unknown>[] {
  const at = (...path: readonly string[]): unknown =>
    path.reduce<unknown>(
      (place, key) =>
        typeof place === 'object' && place !== null ? (place as Record<string, unknown>)[key] : undefined,
      value,
    )
  const status = ['message', 'txnstatus_response', 'txn_status']
  const list = [at('message', 'disbursements_status'), at(...status), at(...status, 'disbursements_status')].find(
    Array.isArray,
  )
  // Only what calls it paid, and can be read whole, says anything.
  const isText = (member: unknown): boolean => member === null || ['string', 'number'].includes(typeof member)
  return ((list ?? []) as unknown[]).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return []
    const item = entry as Record<string, unknown>
    const isIt = typeof item.reference_id === 'string' && item.reference_id.toLowerCase() === id
    return isIt && item.status === 'succ' && Object.values(item).every(isText) ? [item] : []
  })
}

describe.each(
  receivers.flatMap((receiver) => receiver.modes.map((mode) => ({ name: receiver.profile.name, receiver, mode }))),
)('replies of $name ($mode)', ({ receiver, mode }) => {
  test('a code that is no text is read all the same', async () => {
    const [post] = await record(receiver, mode)
    const body = Buffer.from('{"header":{"status":"rjct"},"message":[{"response_error_codes":[{"toString":1}]}]}')
    expect((await post?.read({ ...post.answer, body }))?.words).toEqual([])
  })

  test(`${RUNS} changed ones are read without harm`, async () => {
    const recordings = await record(receiver, mode)
    // What the payment system really meant: for each recording, the payments that it called paid.
    const truths = await Promise.all(
      recordings.map(async ({ answer, read, payments }) => {
        const { words } = await read(answer)
        return new Set(
          payments
            .filter(({ id }) => words.some(({ paymentId, status }) => paymentId === id && status === 'succ'))
            .map(({ id }) => id),
        )
      }),
    )
    expect(truths.some(({ size }) => size > 0 && size < names.length)).toBe(true)

    await fc.assert(
      fc.asyncProperty(fc.nat({ max: recordings.length - 1 }), mutations, async (at, changes) => {
        const recording = recordings[at] as Recording
        const body = mutate(recording.answer.body, changes)
        const { words, whole } = await recording.read({ ...recording.answer, body })
        // Whatever is kept of a reply has a measure, and nobody is spoken of who was not asked about.
        expect(JSON.stringify(whole).length).toBeLessThan(20_000 + 4 * body.length)
        for (const word of words) {
          expect(recording.payments.some(({ id }) => id === word.paymentId)).toBe(true)
          expect(word.code.length).toBeLessThanOrEqual(80)
          expect(word.text.length).toBeLessThanOrEqual(2 * 999)
          expect(word.theirReference.length).toBeLessThanOrEqual(128)
        }
        for (const payment of recording.payments) {
          if (stateAfter(words, payment) !== 'paid') continue
          expect(truths[at]?.has(payment.id)).toBe(true)
          expect(contradicting(body, payment)).toEqual([])
        }
      }),
      { numRuns: RUNS },
    )
  }, 120_000)
})
