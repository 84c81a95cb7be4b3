import type { ServerResponse } from 'node:http'
import { guardHeaders } from '../core/doors/screen-policy.ts'

/** What the door says to one request. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
}

/** A short text, for machines or for an officer who came the wrong way. */
export function textAnswer(status: number, body: string, mediaType = 'text/plain; charset=utf-8'): Answer {
  return {
    status,
    headers: {
      ...guardHeaders,
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Content-Type': mediaType,
      'Cache-Control': 'no-store',
    },
    body: `${body}\n`,
  }
}

/** @param bodyWanted false for HEAD. */
export function writeAnswer(response: ServerResponse, answer: Answer, bodyWanted: boolean): void {
  response.writeHead(answer.status, answer.headers)
  response.end(bodyWanted ? answer.body : undefined)
}
