import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'vitest'
import type { AnsweredThen, Exchange, Json } from '../transcripts.ts'
import type { CallbackReceiver } from './callback-receiver.ts'

/** Asks a running MTS what was asked in a recording, and expects what was answered then. */
export interface Replay {
  readonly mts: string
  readonly receiver: CallbackReceiver
  /** Recorded hosts and where they are now. */
  readonly hosts: Readonly<Record<string, string>>
}

const volatile = (text: string): string =>
  text
    .replace(/"responsetime": ?"[^"]*"/, '"responsetime":"-"')
    .replace(/"request_identifier": ?"[^"]*"/, '"request_identifier":"-"')
    .replace(/<stored_files>\/[0-9a-f-]+/, '<stored_files>/-')

const asNow = (text: string, hosts: Replay['hosts']): string =>
  Object.entries(hosts).reduce((sum, [then, now]) => sum.replaceAll(then, now), text)

async function expectAnswer(answer: Response, then: AnsweredThen): Promise<string> {
  const text = await answer.text()
  expect(answer.status).toBe(then.status)
  if (then.contentType !== undefined) expect(answer.headers.get('content-type')).toBe(then.contentType)
  if ('json' in then) expect(JSON.parse(volatile(text))).toEqual(JSON.parse(volatile(JSON.stringify(then.json))))
  else expect(text).toBe(then.text)
  return text
}

/** Replays one exchange, waits for its end, and compares answers, file and calls, byte for byte where they were recorded so. */
export async function replay(exchange: Exchange, { mts, receiver, hosts }: Replay): Promise<void> {
  const { request, response, finalStatus, file, callbacksReceived = [] } = exchange
  const before = receiver.calls.length
  const isText = typeof request.body === 'string'
  const body = request.body === undefined ? undefined : isText ? (request.body as string) : JSON.stringify(request.body)
  const answer = await fetch(mts + request.path, {
    method: request.method,
    headers: isText ? { ...request.headers } : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: asNow(body, hosts) }),
  })
  const said = JSON.parse(await expectAnswer(answer, response)) as Json
  const id = (said.response as Json | null)?.request_identifier
  if (typeof id !== 'string') return
  if (finalStatus !== undefined) {
    await expect
      .poll(async () => (await (await fetch(`${mts}/authtoken/status/${id}`)).json()) as Json, { timeout: 60_000 })
      .toMatchObject({ response: (finalStatus.json as Json).response })
  }
  if (file !== undefined) await expectAnswer(await fetch(`${mts}/authtoken/file/${id}`), file)
  const came = () => receiver.calls.slice(before)
  await expect.poll(() => came().length, { timeout: 60_000 }).toBe(callbacksReceived.length)
  // Calls that must not come would come by now.
  if (callbacksReceived.length > 0) await pause(30)
  expect(came().map(({ method, path }) => `${method} ${path}`)).toEqual(
    callbacksReceived.map(({ method, path }) => `${method} ${path}`),
  )
  came().forEach((call, at) => {
    const then = callbacksReceived[at]
    for (const [name, value] of Object.entries(then?.headers ?? {})) {
      const now = call.headers[name.toLowerCase()]
      if (value.startsWith('multipart/')) expect(now).toMatch(/^multipart\/form-data; boundary=[0-9a-f]{32}$/)
      else expect(now, name).toBe(value)
    }
    const wanted = then?.json === undefined ? then?.text : then.json === null ? '' : then.json
    const boundary = /--[0-9a-f]{32}/g
    if (typeof wanted === 'string') expect(call.body.replace(boundary, '')).toBe(wanted.replace(boundary, ''))
    else expect(JSON.parse(call.body)).toEqual(wanted)
  })
}
