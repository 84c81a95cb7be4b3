import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { ConformanceCheck } from '../../../../shared/model/conformance.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { HttpAnswer } from '../../http/exchange-types.ts'
import type { SelfTestResult, SelfTestWishes } from '../self-test.ts'
import { everyCheck, foundBy, judgeClock, result } from '../self-test-findings.ts'
import { hubSettings } from './files.ts'
import { isNotAnswered, type newestBatches } from './operations.ts'
import { readUploadReply } from './upload-reply.ts'

/** What the self-test does through the channel. None of it carries a payment. */
export interface TestedHub {
  ask(manager: PaymentManager, signal: AbortSignal, anonymous: boolean): ReturnType<typeof newestBatches>
  /** An upload without a file and without what every upload must say of itself, which the hub refuses before it reads it. */
  uploadNothing(manager: PaymentManager, signal: AbortSignal): Promise<HttpAnswer>
  /** Why this office cannot sign; undefined when it can, or need not. */
  canSign(manager: PaymentManager): ErrorCode | undefined
}

/**
 * Whether the operations app is reached, lets this office in and answers in the hub's own shape, and whether the upload
 * address is one. Test money is never sent: nothing at the hub would show that it pays no file twice.
 */
export const hubSelfTest = (hub: TestedHub, wishes: SelfTestWishes): AsyncGenerator<SelfTestResult> =>
  everyCheck(look(hub, wishes), CHECKS)

const CHECKS = [
  'reach',
  'encrypted',
  'clock',
  'sign-in',
  'sign-in-wanted',
  'signature',
  'reply',
  'reply-signed',
  'errors-told',
] as const satisfies readonly ConformanceCheck[]

async function* look(hub: TestedHub, { manager, signal, clockOffset }: SelfTestWishes): AsyncGenerator<SelfTestResult> {
  const heard = await hub.ask(manager, signal, false)
  if (isNotAnswered(heard)) {
    const { code } = heard.fault
    if (/sign-in|secret|client-certificate/.test(code)) {
      if (code === 'channel.sign-in-refused') yield result('reach', 'good')
      yield foundBy('sign-in', 'bad', heard.fault)
      return
    }
    const isAnswer = /^channel\.|reply-not|redirect/.test(code)
    yield isAnswer ? result('reach', 'good') : foundBy('reach', 'bad', heard.fault)
    if (isAnswer) yield foundBy('reply', 'bad', heard.fault)
    return
  }
  yield result('reach', 'good')
  const isEncrypted = [manager.statusEndpointUrl, manager.paymentEndpointUrl].every((url) => url.startsWith('https:'))
  yield isEncrypted ? result('encrypted', 'good') : result('encrypted', 'doubt', 'conformance.not-encrypted')
  yield judgeClock(clockOffset())
  yield result('sign-in', 'good')
  yield await judgeStrangers(hub, manager, signal)
  yield judgeSigning(hub, manager)
  yield result('reply', 'good')
  yield result('reply-signed', 'doubt', 'conformance.replies-unsigned')
  yield await judgeUpload(hub, manager, signal)
}

async function judgeStrangers(hub: TestedHub, manager: PaymentManager, signal: AbortSignal): Promise<SelfTestResult> {
  const asksForNothing = manager.authentication.kind === 'none' && manager.clientCertificate === ''
  const heard = asksForNothing ? undefined : await hub.ask(manager, signal, true)
  const isLetIn = heard === undefined || !isNotAnswered(heard)
  return isLetIn ? result('sign-in-wanted', 'doubt', 'conformance.anybody-may-ask') : result('sign-in-wanted', 'good')
}

function judgeSigning(hub: TestedHub, manager: PaymentManager): SelfTestResult {
  if (hubSettings(manager).signing.kind === 'none') return result('signature', 'doubt', 'conformance.unsigned')
  const why = hub.canSign(manager)
  return why === undefined ? result('signature', 'good') : result('signature', 'bad', why)
}

async function judgeUpload(hub: TestedHub, manager: PaymentManager, signal: AbortSignal): Promise<SelfTestResult> {
  const answer = await hub.uploadNothing(manager, signal)
  if (answer.outcome !== 'answered') return foundBy('errors-told', 'bad', answer.fault)
  if (answer.status === 401 || answer.status === 403) {
    return result('errors-told', 'bad', 'channel.sign-in-refused', { host: answer.host })
  }
  const outcome = readUploadReply(answer)
  if (outcome.kind === 'refused') return result('errors-told', 'good')
  return answer.status === 404
    ? result('errors-told', 'bad', 'channel.request-refused', { host: answer.host, code: 'http.404' })
    : result('errors-told', 'doubt', 'conformance.errors-not-told')
}
