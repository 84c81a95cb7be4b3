import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Fault } from '../../../shared/contract/result.ts'

/** One request to another system. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /**
   * Milliseconds. `connect` covers name, connection, proxy and TLS; `total` covers everything; `quiet` is the longest that
   * nothing of the reply comes, from handing the request over to its end.
   */
  readonly timeLimit: { readonly connect: number; readonly total: number; readonly quiet?: number }
  /** The reply may come folded (gzip); it is handed on as it came, with its `content-encoding`. */
  readonly acceptsGzip?: boolean
  /** Bytes of body; a longer reply is cut off while it streams and given up. */
  readonly maximumReply: number
  /** PEM; when given, this authority alone is trusted for the request, else those of the system. */
  readonly certificateAuthority?: string
  readonly clientCertificate?: ClientCertificate
  /**
   * Payment posts set this: a connection of their own, used once. Without it a kept connection may be used, which the
   * other side may have closed meanwhile; the outcome is then `maybe-sent`.
   */
  readonly freshConnection?: boolean
  /**
   * Asked of a request with a connection of its own when that stands, right before the first byte: a code keeps it here, and
   * it is `never-sent`.
   */
  readonly keptBack?: () => ErrorCode | undefined
  /** Goes out although the circuit of the endpoint is open: an officer said "try now". */
  readonly evenIfCircuitOpen?: boolean
}

export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

/**
 * What became of a request. The difference between the last two carries money (a payment that was never sent may be
 * sent again, any other may not):
 *
 * - `answered`: a complete reply arrived, whatever its status. Redirects are replies; nobody follows them.
 * - `never-sent`: proven that no byte of the request left this machine. `retryAt` (epoch milliseconds) is set when the
 *   request was put off without an attempt, because the line is down or the endpoint rests.
 * - `maybe-sent`: anything else. The other side may have the request, all or part of it, and may act on it.
 */
export type HttpAnswer = Answered | NeverSent | MaybeSent

export interface Answered {
  readonly outcome: 'answered'
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly host: string
}

export interface NeverSent {
  readonly outcome: 'never-sent'
  readonly fault: Fault
  readonly retryAt: number | null
}

export interface MaybeSent {
  readonly outcome: 'maybe-sent'
  readonly fault: Fault
  /** Status of the reply that broke off, if it came that far. */
  readonly status: number | null
}

/** How to get through the network to an address: directly, or through a proxy. */
export type ProxyDecision = null | {
  readonly host: string
  readonly port: number
  /** Value of `Proxy-Authorization`. */
  readonly authorization?: string
}

/** Time as the module sees it, so that tests can hold it. */
export interface HttpClock {
  /** Wall clock, epoch milliseconds. */
  now(): number
  /** Milliseconds that only grow. */
  elapsed(): number
  /** Calls back once after so many milliseconds; the returned function calls it off. */
  after(milliseconds: number, callback: () => void): () => void
}

export const systemHttpClock: HttpClock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}
