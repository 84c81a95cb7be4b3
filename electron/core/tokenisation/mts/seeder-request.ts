import type { Fault } from '../../../../shared/contract/result.ts'
import type { Http } from '../../http/http.ts'

/** Milliseconds. The seeder checks and stores everybody before it answers, so a post may take long. */
const TIME = { connect: 15_000, post: 180_000, get: 30_000 }
/** Bytes of a reply. */
const LARGEST = { small: 200_000, file: 50_000_000 }

/** What came of a request: an answer with its status and text, or a fault; `notSent` where nothing left this machine. */
export type SeederAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'not-sent'; readonly fault: Fault; readonly retryAt: number | null }
  | { readonly kind: 'lost'; readonly fault: Fault }

export interface SeederRequest {
  readonly method: 'GET' | 'POST'
  /** Without the seeder's own address. */
  readonly path: string
  readonly body?: string
  readonly large?: boolean
}

/** One request to a seeder. The seeder knows no account; who may reach it may use it. */
export async function askSeeder(
  http: Http,
  mtsUrl: string,
  { method, path, body, large }: SeederRequest,
  signal: AbortSignal | undefined,
): Promise<SeederAnswer> {
  const answer = await http.request(
    {
      method,
      url: `${mtsUrl}${path}`,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      timeLimit: { connect: TIME.connect, total: method === 'POST' ? TIME.post : TIME.get },
      maximumReply: large === true ? LARGEST.file : LARGEST.small,
      // One record can make it fail again and again; the office itself says when it is asked next.
      evenIfCircuitOpen: true,
    },
    signal,
  )
  switch (answer.outcome) {
    case 'answered':
      return { kind: 'answered', status: answer.status, text: new TextDecoder().decode(answer.body) }
    case 'never-sent':
      return { kind: 'not-sent', fault: answer.fault, retryAt: answer.retryAt }
    case 'maybe-sent':
      return { kind: 'lost', fault: answer.fault }
  }
}
