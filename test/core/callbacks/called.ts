import { join } from 'node:path'
import type { RawCall } from '../../../electron/core/callbacks/caller.ts'
import { createSecurity } from '../../../electron/peers/payment-system/security/security.ts'
import type { SignatureOptions } from '../../../electron/peers/payment-system/security/security-options.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { Scene } from '../dispatch/scene.ts'
import { paymentsOf, type SendingOffice } from '../dispatch/sending-office.ts'

/** One item of a callback, as a payment system writes it. */
export interface Told {
  readonly payment: Payment
  readonly status: string
  readonly more?: Readonly<Record<string, unknown>>
}

export const itemOf = ({ payment, status, more = {} }: Told): Record<string, unknown> => ({
  reference_id: payment.id,
  timestamp: new Date().toISOString(),
  status,
  amount: `${Math.floor(payment.amount / 100)}.${String(payment.amount % 100).padStart(2, '0')}`,
  payee_fa: payment.payeeAddress,
  currency_code: payment.currency,
  ...more,
})

export interface CallbackWish {
  readonly at?: number
  readonly header?: Readonly<Record<string, unknown>>
  /** Null leaves the signature out. */
  readonly signature?: string | null
}

/** Requests as they come; replies and callbacks with the payment system's Ed25519 key. */
const SIGNED: SignatureOptions = {
  required: false,
  form: 'compact',
  keys: [],
  replies: { form: 'compact', alg: 'EdDSA' },
}

/** An office that verifies callbacks with the key of its payment system, and the means to make them. */
export class CalledScene {
  readonly scene: Scene
  readonly #security: ReturnType<typeof createSecurity>

  private constructor(scene: Scene) {
    this.scene = scene
    // The payment system's own key lies beside its ledger.
    this.#security = createSecurity(join(scene.directory, 'ledger.jsonl.key'), 'payments.example.org', SIGNED, null)
  }

  /** The signature of the payment system over a header and a message. */
  sign(header: Readonly<Record<string, unknown>>, message: unknown, now: number): unknown {
    return this.#security.seal(header, message, now).body.signature
  }

  /** Nothing is looked up by itself and nothing falls due unless told: what callbacks say is all there is. */
  static async open(
    settings: Parameters<typeof Scene.open>[0] = {},
    behaviour: Parameters<typeof Scene.open>[1] = {},
    options: Parameters<typeof Scene.open>[2] = {},
  ): Promise<CalledScene> {
    const scene = await Scene.open(
      (peer) => ({
        replySigning: 'jws',
        receiverKey: { ...peer.publicKey, alg: 'EdDSA' },
        mode: 'async',
        statusCheckActive: false,
        ...(typeof settings === 'function' ? settings(peer) : settings),
      }),
      behaviour,
      { held: true, ...options },
    )
    return new CalledScene(scene)
  }

  get office(): SendingOffice {
    return this.scene.office
  }

  payments(batchId: string): Payment[] {
    return paymentsOf(this.office, batchId)
  }

  /** The bytes of a callback about these payments. */
  message(told: readonly Told[], { at = Date.now(), header = {}, signature }: CallbackWish = {}): string {
    const whole = {
      version: '1.0.0',
      message_id: newId(),
      message_ts: new Date(at).toISOString(),
      action: 'on-disburse',
      status: 'succ',
      total_count: told.length,
      completed_count: told.length,
      sender_id: 'payments.example.org',
      receiver_id: 'office.example.org',
      is_msg_encrypted: false,
      ...header,
    }
    const message = { transaction_id: newId(), disbursements_status: told.map(itemOf) }
    const signed = signature === undefined ? this.sign(whole, message, at) : signature
    return JSON.stringify({ ...(signed === null ? {} : { signature: signed }), header: whole, message })
  }

  call(body: string | Uint8Array, cameAt = Date.now()): RawCall {
    return {
      id: newId(),
      cameAt,
      caller: 'g2p-connect',
      owner: this.scene.world.managerId,
      path: 'on-disburse',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    }
  }

  /** What becomes of a call, as the office's job applies it. */
  async apply(body: string | Uint8Array, cameAt?: number): Promise<string> {
    const { outcome, code } = await this.office.dispatch.applyCallback(this.call(body, cameAt))
    return code === '' ? outcome : `${outcome} ${code}`
  }

  close(): Promise<void> {
    return this.scene.close()
  }
}
