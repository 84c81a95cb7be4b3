import { fail } from '../../../../shared/contract/result.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { conformanceChecks } from '../../../../shared/model/conformance.ts'
import type { PartKey } from '../../../../shared/model/payment.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type {
  CallbackReading,
  Channel,
  Envelope,
  LookUpOutcome,
  PartMessage,
  PostOutcome,
  Question,
  StatusWord,
} from '../channel.ts'
import { nothingSaid } from '../nothing-said.ts'
import type { SelfTest } from '../self-test.ts'
import { FILE_NAME, fileBytes } from './file-bytes.ts'
import { FileMessage, fileMessage, fileSettings } from './file-message.ts'

export interface FileChannelOptions {
  /** Private signing key by its id, from the vault. */
  readonly findSigningKey: (keyId: string) => string | undefined
  /** The tag of a batch; empty where it has none. */
  readonly tagNameOf: (batchId: string) => string
}

/**
 * Payments in files. A part is posted when its file is made and kept: from then on it counts as gone out, and what became of
 * its payments is known from the results that come back. The file leaves by the hands of an officer (`payment-files.ts`),
 * so nothing here reaches the network.
 */
export class FileChannel implements Channel {
  readonly kind = 'file'
  readonly #options: FileChannelOptions

  constructor(options: FileChannelOptions) {
    this.#options = options
  }

  profile = (manager: PaymentManager) => ({
    duplicateProtectionProven: false,
    noMoneyMovedCodes: manager.noMoneyMovedCodes,
    repliesAreSigned: false,
  })

  message(submission: Submission, part: PartKey, manager: PaymentManager, at: number): PartMessage | undefined {
    return fileMessage(submission, part, manager, at, this.#options.tagNameOf(submission.batchId))
  }

  findOpening(): undefined {
    return undefined
  }

  /** The bytes of a file are a function of what it says: sealed again they are the same. */
  async seal(part: PartMessage, manager: PaymentManager): Promise<Envelope> {
    const { findSigningKey: findKey } = this.#options
    const bytes = await fileBytes(FileMessage.parse(part.message), { settings: fileSettings(manager), findKey })
    return { ...bytes, message: JSON.stringify(part.message) }
  }

  /** What a file says stands beside it, not in it. */
  readMessage(): never {
    return fail('channel.message-changed')
  }

  async post(...[envelope, , , , keptBack]: Parameters<Channel['post']>): Promise<PostOutcome> {
    const code = keptBack?.()
    if (code !== undefined) return { kind: 'never-sent', fault: { code, params: {} }, retryAt: null }
    const correlationId = envelope.headers[FILE_NAME] ?? ''
    return { kind: 'acknowledged', correlationId, httpStatus: null, code: '', text: '' }
  }

  asksBy(): 'messages' {
    return 'messages'
  }

  /** Nobody can be asked: a file that was made is on its way, one that was not is nowhere. */
  async lookUp({ payments, message }: Question): Promise<LookUpOutcome> {
    const ids = payments.map(({ id }) => id)
    return message === null || message.postedAt === null
      ? { kind: 'answered', words: [], absent: ids, left: [] }
      : { kind: 'answered', words: ids.map(madeWord), absent: [], left: [] }
  }

  selfTest: SelfTest = async function* selfTest() {
    for (const check of conformanceChecks) yield { check, outcome: 'not-tried', finding: null }
  }

  async readCallback(): Promise<CallbackReading> {
    return { kind: 'refused', code: 'callback.not-understood' }
  }
}

const madeWord = (paymentId: string): StatusWord => ({
  ...nothingSaid,
  paymentId,
  status: 'pdng',
})
