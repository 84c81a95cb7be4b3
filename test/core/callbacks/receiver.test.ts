import { once } from 'node:events'
import { request as secureRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { RawCall } from '../../../electron/core/callbacks/caller.ts'
import { openReceiver, type Receiver, type ReceiverOptions } from '../../../electron/core/callbacks/receiver.ts'
import { hashOfSecret, newPathSecret } from '../../../electron/core/callbacks/secret-paths.ts'
import { g2pConnectCaller } from '../../../electron/core/channels/g2p-connect/callback-caller.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'
import { post } from './post.ts'

const secret = newPathSecret()
const message = JSON.stringify({ header: { action: 'on-disburse' }, message: {} })

let receiver: Receiver | undefined
let kept: RawCall[] = []
const faults: unknown[] = []

/** Until the other side has hung up, in whatever way. */
const closing = (socket: Socket): Promise<void> =>
  new Promise((resolve) => void socket.on('close', () => resolve()).on('error', () => undefined))

async function open(options: Partial<ReceiverOptions> = {}): Promise<string> {
  kept = []
  receiver = await openReceiver({
    bindAddress: '127.0.0.1',
    port: 0,
    tls: null,
    callers: new Map([[g2pConnectCaller.kind, g2pConnectCaller]]),
    routes: () => [{ secretHash: hashOfSecret(secret), caller: 'g2p-connect', owner: 'manager' }],
    keep: (call) => {
      kept.push(call)
      return 'kept'
    },
    now: () => 1_700_000_000_000,
    report: (error) => void faults.push(error),
    ...options,
  })
  return `http://127.0.0.1:${receiver.port}/callbacks`
}

afterEach(async () => {
  await receiver?.close()
  receiver = undefined
  expect(faults).toEqual([])
})

describe('a call on a path that was given out', () => {
  test.each([
    ['', 'any'],
    ['/on-disburse', 'on-disburse'],
    ['/disburse/on-disburse', 'on-disburse'],
    ['/on-status', 'on-status'],
    ['/disburse/txn/on-status', 'on-status'],
  ])('is kept as it came and acknowledged (%s)', async (path, kind) => {
    const base = await open()
    const answer = await post(`${base}/${secret}${path}?x=1`, message, {
      headers: { 'x-own': 'ሰላም'.length.toString() },
    })
    expect(answer.status).toBe(200)
    const [call] = kept
    expect(call).toMatchObject({ owner: 'manager', caller: 'g2p-connect', path: kind, method: 'POST' })
    expect(Buffer.from(call?.body ?? []).toString()).toBe(message)
    expect(call?.headers['x-own']).toBe('3')
    expect(JSON.parse(answer.body)).toEqual({
      message: { ack_status: 'ACK', timestamp: '2023-11-14T22:13:20.000Z', correlation_id: call?.id },
    })
  })

  test.each(['', 'no json', '[]', '7', '{"message":{}}', `${'['.repeat(500)}`])(
    'that is no message is answered with ERR and not kept (%s)',
    async (body) => {
      const base = await open()
      const answer = await post(`${base}/${secret}/on-disburse`, body)
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body).message).toMatchObject({ ack_status: 'ERR', error: { code: 'err.request.bad' } })
      expect(kept).toEqual([])
    },
  )

  test('that cannot be kept is to come again', async () => {
    const base = await open({ keep: () => 'full' })
    const answer = await post(`${base}/${secret}/on-status`, message)
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('60')
    expect(JSON.parse(answer.body).message.error.code).toBe('err.service.unavailable')
  })
})

describe('everything else', () => {
  test('is not found, with the same bytes whatever it was', async () => {
    const base = await open()
    const other = newPathSecret()
    const origin = base.replace('/callbacks', '')
    const answers = await Promise.all([
      post(`${base}/${other}/on-disburse`, message),
      post(`${base}/${secret}/on-search`, message),
      post(`${base}/${secret}/on-disburse`, message, { method: 'PUT' }),
      post(`${base}/${secret.slice(0, -1)}/on-disburse`, message),
      post(`${base}/${secret}x`, message),
      post(base, message),
      post(`${origin}/`, message),
      post(`${origin}/callbacks/../etc/passwd`, message),
      post(`${origin}/callbacks/%00/on-disburse`, message),
    ])
    const looks = answers.map(({ status, headers: { date: _, ...headers }, body }) =>
      JSON.stringify([status, headers, body]),
    )
    expect(new Set(looks).size).toBe(1)
    expect(answers[0]?.status).toBe(404)
    expect(answers[0]?.body).toBe('')
    expect(kept).toEqual([])
  })

  test('a port that is taken is said so', async () => {
    await open()
    const again = open({ port: receiver?.port ?? 0 })
    await expect(again).rejects.toSatisfy(
      (error) => error instanceof OfficeError && error.fault.code === 'callback.port-taken',
    )
  })

  test('a certificate that is none is said so', async () => {
    const wrong = open({ tls: { certificate: 'none', key: 'none' } })
    await expect(wrong).rejects.toSatisfy(
      (error) => error instanceof OfficeError && error.fault.code === 'callback.certificate-unusable',
    )
  })
})

describe('limits', () => {
  test('a message that says it is too large is refused before it is read', async () => {
    const base = await open()
    const answer = await post(`${base}/${secret}`, 'x'.repeat(g2pConnectCaller.largestBody + 1))
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body).message.ack_status).toBe('ERR')
    expect(kept).toEqual([])
  })

  test('a message without a length is cut off at the limit', async () => {
    await open()
    const socket = connect(receiver?.port ?? 0, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST /callbacks/${secret} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`)
    let answer = ''
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString()
    })
    socket.on('error', () => undefined)
    const closed = closing(socket)
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    // It never says that it ends.
    const pour = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', pour)
    pour()
    await closed
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(kept).toEqual([])
  })

  test('more calls than a path allows wait, those on other paths do not', async () => {
    const second = newPathSecret()
    const base = await open({
      limits: { perPath: { perMinute: 1, burst: 2 } },
      routes: () => [
        { secretHash: hashOfSecret(secret), caller: 'g2p-connect', owner: 'manager' },
        { secretHash: hashOfSecret(second), caller: 'g2p-connect', owner: 'other' },
      ],
    })
    const statuses: number[] = []
    for (let i = 0; i < 4; i += 1) statuses.push((await post(`${base}/${secret}`, message)).status)
    expect(statuses).toEqual([200, 200, 429, 429])
    const refused = await post(`${base}/${secret}`, message)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(JSON.parse(refused.body).message.error.code).toBe('err.request.too_many_requests')
    expect((await post(`${base}/${second}`, message)).status).toBe(200)
    expect(kept.length).toBe(3)
  })

  test('whoever guesses paths is slowed down', async () => {
    const base = await open({ limits: { perAddress: { perMinute: 1, burst: 3 } } })
    const statuses: number[] = []
    for (let i = 0; i < 5; i += 1) statuses.push((await post(`${base}/${newPathSecret()}`, message)).status)
    expect(statuses).toEqual([404, 404, 404, 429, 429])
  })

  test('a sender that dribbles is hung up on, and the others are heard meanwhile', async () => {
    const base = await open({ limits: { head: 150, whole: 300, idle: 200 } })
    const slow = [
      'POST /callbacks',
      `POST /callbacks/${secret} HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{`,
    ].map((start) => {
      const socket = connect(receiver?.port ?? 0, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write(start)
      const timer = setInterval(() => socket.write('a'), 50)
      socket.on('close', () => clearInterval(timer))
      socket.resume()
      return closing(socket)
    })
    expect((await post(`${base}/${secret}`, message)).status).toBe(200)
    await Promise.all(slow)
    expect(kept.length).toBe(1)
  })

  test('only so many connections are open at once', async () => {
    await open({ limits: { connections: 2 } })
    const sockets = [1, 2, 3].map(() => connect(receiver?.port ?? 0, '127.0.0.1'))
    for (const socket of sockets) socket.on('error', () => undefined).resume()
    await Promise.race(sockets.map(closing))
    for (const socket of sockets) socket.destroy()
  })

  test('a caller who hangs up in the middle leaves nothing', async () => {
    const base = await open()
    const socket = connect(receiver?.port ?? 0, '127.0.0.1')
    socket.end(`POST /callbacks/${secret} HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{"header":`)
    socket.resume()
    await once(socket, 'close')
    expect((await post(`${base}/${secret}`, message)).status).toBe(200)
    expect(kept.length).toBe(1)
  })
})

test('over TLS it presents the certificate of the vault', async () => {
  const { certificate, key } = makeCertificate({ name: 'receiver', for: ['127.0.0.1'] })
  await open({ tls: { certificate, key } })
  const status = await new Promise((resolve, reject) => {
    const call = secureRequest(
      {
        host: '127.0.0.1',
        port: receiver?.port,
        path: `/callbacks/${secret}`,
        method: 'POST',
        ca: certificate,
      },
      (answer) => resolve(answer.resume().statusCode),
    )
    call.on('error', reject)
    call.end(message)
  })
  expect(status).toBe(200)
})
