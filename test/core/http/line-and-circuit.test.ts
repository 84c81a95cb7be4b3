import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCircuits } from '../../../electron/core/http/circuit.ts'
import { createHttp } from '../../../electron/core/http/http.ts'
import { createLine } from '../../../electron/core/http/line.ts'
import { heldClock } from './held-clock.ts'

const A = 'https://a.example.org'
const B = 'https://b.example.org'

describe('the line', () => {
  it('is down when the machine has no network, and one request at a time tries again', () => {
    const clock = heldClock()
    const line = createLine(clock)
    const heard: boolean[] = []
    line.onChange((up) => heard.push(up))
    line.learn(A, false, 'down')
    expect(line.isUp()).toBe(false)
    expect(line.waitUntil(A, false)).toBe(clock.now() + 15_000)
    clock.pass(15_000)
    expect(line.waitUntil(A, false)).toBeNull()
    expect(line.waitUntil(B, false)).toBe(clock.now() + 15_000)
    line.learn(A, false, 'up')
    expect(line.waitUntil(B, false)).toBeNull()
    expect(heard).toEqual([false, true])
  })

  it('stays up while one endpoint is silent and another answers', () => {
    const line = createLine(heldClock())
    line.learn(B, false, 'up')
    for (let count = 0; count < 9; count += 1) line.learn(A, false, 'maybe')
    expect(line.isUp()).toBe(true)
    line.learn(B, false, 'maybe')
    expect(line.isUp()).toBe(false)
  })

  it('is not judged by one failure', () => {
    const line = createLine(heldClock())
    line.learn(A, false, 'maybe')
    expect(line.isUp()).toBe(true)
  })

  it('does not concern the own machine, nor is it judged by it', () => {
    const line = createLine(heldClock())
    line.learn('http://127.0.0.1:1', true, 'down')
    expect(line.isUp()).toBe(true)
    line.reportPowerEvent('line-down')
    expect(line.waitUntil('http://127.0.0.1:1', true)).toBeNull()
  })

  it('sleeps with the machine and starts afresh on wake', () => {
    const line = createLine(heldClock())
    line.learn(A, false, 'down')
    line.reportPowerEvent('suspend')
    expect(line.waitUntil(A, false)).not.toBeNull()
    line.reportPowerEvent('resume')
    expect(line.waitUntil(A, false)).toBeNull()
    expect(line.isUp()).toBe(true)
  })

  it('does not wait for years when the clock is set back', () => {
    const clock = heldClock()
    const line = createLine(clock)
    line.learn(A, false, 'down')
    clock.pass(-1_000_000_000)
    expect(line.waitUntil(A, false)).toBeNull()
  })

  it('when cut by the training switch, puts everything off and tells so', async () => {
    const server = createServer((_request, reply) => reply.end('{}'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const clock = heldClock()
    const http = createHttp({ clock })
    const heard: boolean[] = []
    http.line.onChange((up) => heard.push(up))
    const get = {
      method: 'GET',
      url,
      timeLimit: { connect: 5_000, total: 5_000 },
      maximumReply: 100,
      freshConnection: true,
    } as const
    http.cutLine(true)
    expect(await http.request(get)).toEqual({
      outcome: 'never-sent',
      fault: { code: 'http.line-down', params: { host: new URL(url).host } },
      retryAt: clock.now() + 15_000,
    })
    http.cutLine(false)
    expect(await http.request(get)).toMatchObject({ outcome: 'answered' })
    expect(heard).toEqual([false, true])
  })
})

describe('the circuit of an endpoint', () => {
  const failing = (times: number) => {
    const clock = heldClock()
    const circuits = createCircuits(clock)
    for (let count = 0; count < times; count += 1) circuits.report(A, 'failed')
    return { clock, circuits }
  }

  it('opens after five failures in a row, for this endpoint only', () => {
    const { clock, circuits } = failing(4)
    expect(circuits.waitUntil(A)).toBeNull()
    circuits.report(A, 'failed')
    expect(circuits.waitUntil(A)).toBe(clock.now() + 30_000)
    expect(circuits.waitUntil(B)).toBeNull()
  })

  it('does not open when an answer came between', () => {
    const { circuits } = failing(4)
    circuits.report(A, 'alive')
    circuits.report(A, 'failed')
    expect(circuits.waitUntil(A)).toBeNull()
  })

  it('lets one probe through after the rest, and rests twice as long when it fails', () => {
    const { clock, circuits } = failing(5)
    clock.pass(30_000)
    expect(circuits.waitUntil(A)).toBeNull()
    expect(circuits.waitUntil(A)).toBe(clock.now() + 5_000)
    circuits.report(A, 'failed')
    expect(circuits.waitUntil(A)).toBe(clock.now() + 60_000)
    clock.pass(60_000)
    expect(circuits.waitUntil(A)).toBeNull()
    circuits.report(A, 'alive')
    expect(circuits.waitUntil(A)).toBeNull()
    expect(circuits.waitUntil(A)).toBeNull()
  })

  it('lets the next one probe when a probe was called off', () => {
    const { clock, circuits } = failing(5)
    clock.pass(30_000)
    circuits.waitUntil(A)
    circuits.report(A, 'unknown')
    expect(circuits.waitUntil(A)).toBeNull()
  })

  it('closes when an officer says "try now"', () => {
    const { circuits } = failing(5)
    circuits.closeAll()
    expect(circuits.waitUntil(A)).toBeNull()
  })

  it('defers requests over HTTP until then, without an attempt', async () => {
    let calls = 0
    const server = createServer((_request, reply) => {
      calls += 1
      reply.writeHead(503).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/pay`
    const clock = heldClock()
    const http = createHttp({ clock })
    const get = {
      method: 'GET',
      url,
      timeLimit: { connect: 5_000, total: 5_000 },
      maximumReply: 100,
      freshConnection: true,
    } as const
    for (let count = 0; count < 5; count += 1) await http.request(get)
    const deferred = await http.request(get)
    expect(deferred).toMatchObject({
      outcome: 'never-sent',
      fault: { code: 'http.circuit-open' },
      retryAt: clock.now() + 30_000,
    })
    expect(calls).toBe(5)
    http.tryNow()
    expect(await http.request(get)).toMatchObject({ outcome: 'answered', status: 503 })
  })
})
