import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../../../../../shared/contract/result.ts'
import type { Submission } from '../../../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../../../shared/model/payment-manager.ts'
import type { Envelope, LookUpOutcome, PostedPayment, PostOutcome, Question, SentMessage } from '../../channel.ts'
import { questionAboutNobody } from '../../question-about-nobody.ts'
import type { SelfTestResult, SelfTestWishes } from '../../self-test.ts'
import { everyCheck, foundBy, judgeClock, result } from '../../self-test-findings.ts'
import { tampered } from './tampering.ts'

/** How a question is put otherwise than a look-up puts it. */
export interface AskedOtherwise {
  /** Leaves out whatever shows who asks. */
  readonly anonymous?: boolean
  /** What leaves instead of the sealed message. */
  readonly change?: (envelope: Bytes) => Bytes
}

type Bytes = Pick<Envelope, 'body' | 'headers'>

export type Heard =
  | { readonly kind: 'not-answered'; readonly fault: Fault }
  | { readonly kind: 'answered'; readonly status: number; readonly host: string; readonly outcome: LookUpOutcome }

/** What the self-test does through the channel. */
export interface TestedChannel {
  ask(question: Question, manager: PaymentManager, signal: AbortSignal, otherwise?: AskedOtherwise): Promise<Heard>
  /** The first part of a submission, sealed, and what it can be asked about under. */
  sealFirst(
    submission: Submission,
    manager: PaymentManager,
    signal: AbortSignal,
  ): Promise<{ readonly envelope: Bytes; readonly sent: SentMessage } | { readonly fault: Fault }>
  post(
    envelope: Bytes,
    manager: PaymentManager,
    payments: readonly PostedPayment[],
    signal: AbortSignal,
  ): Promise<PostOutcome>
}

/** A sandbox payment is asked about so often, so many milliseconds apart, before it counts as unknown. */
const TRIES = 6
const BETWEEN_TRIES = 2_000

/**
 * Tells how an endpoint keeps G2P Connect 1.0.0: whether it is reached, whom it lets in, what it does with signatures, how it
 * answers questions and mistakes, and, with a sandbox account, whether it pays a message twice. Each check comes exactly once.
 */
export const selfTest = (channel: TestedChannel, wishes: SelfTestWishes): AsyncGenerator<SelfTestResult> =>
  everyCheck(look(channel, wishes))

async function* look(channel: TestedChannel, wishes: SelfTestWishes): AsyncGenerator<SelfTestResult> {
  const { manager, signal } = wishes
  const heard = await channel.ask(questionAboutNobody(), manager, signal)
  if (heard.kind === 'not-answered') {
    const isOurs = /sign-in|secret|client-certificate|signing-key/.test(heard.fault.code)
    yield foundBy(isOurs ? 'sign-in' : 'reach', 'bad', heard.fault)
    return
  }
  yield result('reach', 'good')
  yield new URL(manager.statusEndpointUrl).protocol === 'https:' && manager.paymentEndpointUrl.startsWith('https:')
    ? result('encrypted', 'good')
    : result('encrypted', 'doubt', 'conformance.not-encrypted')
  yield judgeClock(wishes.clockOffset())

  if (heard.status === 401 || heard.status === 403) {
    yield result('sign-in', 'bad', 'channel.sign-in-refused', { host: heard.host })
    return
  }
  yield result('sign-in', 'good')
  yield await judgeStrangers(channel, wishes)

  const { outcome } = heard
  const code = outcome.kind === 'failed' ? String(outcome.fault.params.code ?? '') : ''
  if (/signature|jwt/.test(code)) {
    yield result('signature', 'bad', 'conformance.signature-refused', { code })
    return
  }
  yield* judgeSignatures(channel, wishes)
  yield* judgeReply(outcome, wishes)
  yield* judgeQuestions(channel, wishes)
  yield await judgeMistakes(channel, wishes)
  if (wishes.sandbox !== null) yield* judgeSandbox(channel, wishes, wishes.sandbox)
}

/** The same question from somebody who shows no sign-in must not be answered. */
async function judgeStrangers(channel: TestedChannel, { manager, signal }: SelfTestWishes): Promise<SelfTestResult> {
  const asksForNothing = manager.authentication.kind === 'none' && manager.clientCertificate === ''
  if (asksForNothing) return result('sign-in-wanted', 'doubt', 'conformance.anybody-may-ask')
  const heard = await channel.ask(questionAboutNobody(), manager, signal, { anonymous: true })
  const isLetIn = heard.kind === 'answered' && heard.status < 400
  return isLetIn ? result('sign-in-wanted', 'doubt', 'conformance.anybody-may-ask') : result('sign-in-wanted', 'good')
}

/** A message that was changed after it was signed must be refused. */
async function* judgeSignatures(
  channel: TestedChannel,
  { manager, signal }: SelfTestWishes,
): AsyncGenerator<SelfTestResult> {
  if (manager.signing.kind === 'placeholder') {
    yield result('signature', 'doubt', 'conformance.unsigned')
    yield result('signature-checked', 'not-tried')
    return
  }
  yield result('signature', 'good')
  const heard = await channel.ask(questionAboutNobody(), manager, signal, { change: tampered })
  const isAnswered =
    heard.kind === 'answered' && (heard.outcome.kind === 'answered' || heard.outcome.kind === 'accepted')
  yield isAnswered
    ? result('signature-checked', 'doubt', 'conformance.signature-not-checked')
    : result('signature-checked', 'good')
}

function* judgeReply(outcome: LookUpOutcome, { manager }: SelfTestWishes): Generator<SelfTestResult> {
  if (outcome.kind === 'put-off' || outcome.kind === 'failed') {
    const isUnsigned = outcome.fault.code === 'channel.reply-not-signed'
    yield isUnsigned ? result('reply', 'good') : foundBy('reply', 'bad', outcome.fault)
    if (isUnsigned) yield foundBy('reply-signed', 'bad', outcome.fault)
    return
  }
  yield outcome.kind === 'accepted' ? result('reply', 'doubt', 'conformance.status-later') : result('reply', 'good')
  if (outcome.kind === 'accepted') return
  yield manager.replySigning === 'none'
    ? result('reply-signed', 'doubt', 'conformance.replies-unsigned')
    : result('reply-signed', 'good')
}

const FORMS = [
  ['status-by-references', 'reference_id_list'],
  ['status-by-transaction', 'transaction_id'],
] as const

/** Both forms of the status question, about something that never was. */
async function* judgeQuestions(
  channel: TestedChannel,
  { manager, signal }: SelfTestWishes,
): AsyncGenerator<SelfTestResult> {
  for (const [check, statusBy] of FORMS) {
    const asking = { ...manager, statusBy }
    const heard = await channel.ask(questionAboutNobody(), asking, signal)
    if (heard.kind === 'not-answered') {
      yield foundBy(check, 'bad', heard.fault)
      continue
    }
    const { outcome } = heard
    const isWanted = manager.statusBy === statusBy
    if (outcome.kind === 'answered') {
      const knows = outcome.words.length > 0
      yield knows ? result(check, 'bad', 'conformance.knows-what-never-was') : result(check, 'good')
    } else if (outcome.kind === 'accepted') yield result(check, 'doubt', 'conformance.status-later')
    else if (isWanted) yield foundBy(check, 'bad', outcome.fault)
    else yield result(check, 'doubt', 'conformance.status-form-unknown')
  }
}

/** A body that is no message must be called so, not taken and not answered by a crash. */
async function judgeMistakes(channel: TestedChannel, { manager, signal }: SelfTestWishes): Promise<SelfTestResult> {
  const heard = await channel.ask(questionAboutNobody(), manager, signal, {
    change: () => ({ body: '{"header":{},"message":{}}', headers: {} }),
  })
  const isTold =
    heard.kind === 'answered' &&
    ((heard.status >= 400 && heard.status < 500) ||
      (heard.outcome.kind === 'failed' && heard.outcome.fault.code === 'channel.request-refused'))
  return isTold ? result('errors-told', 'good') : result('errors-told', 'doubt', 'conformance.errors-not-told')
}

async function* judgeSandbox(
  channel: TestedChannel,
  { manager, signal }: SelfTestWishes,
  { first, again, checkSending }: NonNullable<SelfTestWishes['sandbox']>,
): AsyncGenerator<SelfTestResult> {
  const sealed = await channel.sealFirst(first, manager, signal)
  if ('fault' in sealed) {
    yield foundBy('sandbox-send', 'bad', sealed.fault)
    return
  }
  const payments = first.lines.map(({ paymentId, amount, payeeAddress }) => ({
    id: paymentId,
    currency: first.currency,
    theirReference: '',
    amount,
    payeeAddress,
  }))
  const post = (envelope: Bytes): Promise<PostOutcome> => {
    checkSending()
    return channel.post(envelope, manager, payments, signal)
  }
  const sent = await post(sealed.envelope)
  if (!isTaken(sent)) {
    yield 'fault' in sent
      ? foundBy('sandbox-send', 'bad', sent.fault)
      : result('sandbox-send', 'bad', 'conformance.not-taken', { code: codeOf(sent) })
    return
  }
  yield result('sandbox-send', 'good')
  yield judgeRepeat(await post(sealed.envelope))

  // Another message that names the same payment.
  const other = await channel.sealFirst(again, manager, signal)
  if ('fault' in other) yield foundBy('sandbox-reference', 'bad', other.fault)
  else yield judgeReference(await post(other.envelope))
  yield await judgeResult(channel, { manager, signal }, { payments, message: sealed.sent })
}

const isTaken = (outcome: PostOutcome): boolean => {
  if (outcome.kind === 'answered') return outcome.words.every(({ status }) => status !== 'rjct')
  return outcome.kind === 'acknowledged' || outcome.kind === 'nack'
}

const codeOf = (outcome: PostOutcome): string => {
  if (outcome.kind === 'answered') return outcome.words.find(({ code }) => code !== '')?.code ?? ''
  return 'code' in outcome ? outcome.code : ''
}

const saysDuplicate = (outcome: PostOutcome): boolean =>
  outcome.kind === 'duplicate' ||
  (outcome.kind === 'answered' &&
    outcome.words.length > 0 &&
    outcome.words.every(({ code }) => /duplicate$/.test(code)))

/**
 * The very same message once more. Only a receiver that calls it a duplicate has recognised it: one that acknowledges it again,
 * even under the same name, may have paid it again.
 */
function judgeRepeat(repeated: PostOutcome): SelfTestResult {
  if (saysDuplicate(repeated)) return result('sandbox-repeat', 'good')
  if ('fault' in repeated) return foundBy('sandbox-repeat', 'bad', repeated.fault)
  return repeated.kind === 'acknowledged' || repeated.kind === 'nack'
    ? result('sandbox-repeat', 'doubt', 'conformance.repeat-unclear')
    : result('sandbox-repeat', 'bad', 'conformance.repeat-not-recognised')
}

function judgeReference(outcome: PostOutcome): SelfTestResult {
  if (saysDuplicate(outcome)) return result('sandbox-reference', 'good')
  // An acknowledgement says nothing about the payments in the message.
  if (outcome.kind === 'acknowledged' || outcome.kind === 'nack') {
    return result('sandbox-reference', 'doubt', 'conformance.reference-unclear')
  }
  return 'fault' in outcome
    ? foundBy('sandbox-reference', 'bad', outcome.fault)
    : result('sandbox-reference', 'bad', 'conformance.reference-taken-again')
}

/** What was sent must be known when it is asked about. */
async function judgeResult(
  channel: TestedChannel,
  { manager, signal }: Pick<SelfTestWishes, 'manager' | 'signal'>,
  question: Question,
): Promise<SelfTestResult> {
  let last: Fault | undefined
  for (let tried = 0; tried < TRIES && !signal.aborted; tried += 1) {
    if (tried > 0) await pause(BETWEEN_TRIES, undefined, { signal }).catch(() => undefined)
    const heard = await channel.ask(question, manager, signal)
    if (heard.kind === 'not-answered') {
      last = heard.fault
      continue
    }
    const { outcome } = heard
    if (outcome.kind === 'answered' && outcome.words.length > 0) return result('sandbox-result', 'good')
    if (outcome.kind === 'accepted') return result('sandbox-result', 'doubt', 'conformance.status-later')
    last = 'fault' in outcome ? outcome.fault : undefined
  }
  return last === undefined
    ? result('sandbox-result', 'bad', 'conformance.sent-but-unknown')
    : foundBy('sandbox-result', 'bad', last)
}
