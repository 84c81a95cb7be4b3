import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { seededRandom } from '../payment-system/seeded-random.ts'

export interface LineOptions {
  /** Both ways alike; null is as fast as it goes. */
  readonly bitsPerSecond: number | null
  /** Milliseconds there and back. */
  readonly roundTrip: number
  /** Of each packet, 0 to 1; a lost one comes after its time of retransmission. */
  readonly loss: number
}

/** A bad line between a client and a server on this machine. */
export interface SlowLine {
  /** In place of the server's. */
  readonly origin: string
  /** Bytes that went to the server and back. */
  readonly traffic: () => { readonly up: number; readonly down: number }
  /** Counts for what is sent from now on. */
  set(options: Partial<LineOptions>): void
  /** Ends all connections; new ones are taken. */
  cut(): void
  /** While closed, nobody gets through. */
  setOpen(open: boolean): void
  close(): Promise<void>
}

/** Bytes of a packet on the usual line. */
const PACKET = 1_400
/** Milliseconds; Linux waits no less for an acknowledgement. */
const SHORTEST_RETRANSMISSION = 200
/** Bytes under way on one connection, after which its sender waits. */
const WINDOW = 128 * 1024

/** One direction of the line, shared by all connections. */
interface Lane {
  /** When the last packet will have left, by `performance.now()`. */
  freeAt: number
  bytes: number
}

/**
 * Starts a proxy on raw connections that is as slow as it is told.
 *
 * @param target `http://127.0.0.1:PORT`; only this machine's own servers
 */
export async function startSlowLine(target: string, given: Partial<LineOptions>, seed = 1): Promise<SlowLine> {
  const port = Number(new URL(target).port)
  let options: LineOptions = { bitsPerSecond: null, roundTrip: 0, loss: 0, ...given }
  let open = true
  const random = seededRandom(seed)
  const up: Lane = { freeAt: 0, bytes: 0 }
  const down: Lane = { freeAt: 0, bytes: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    if (!open) {
      client.destroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    // The first bytes come after the handshake, which takes a way there and back.
    const opened = performance.now() + options.roundTrip
    for (const [from, to, lane] of [
      [client, far, up],
      [far, client, down],
    ] as const) {
      sockets.add(from)
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.on('close', () => sockets.delete(from))
      carry(from, to, lane, opened, () => options, random)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    traffic: () => ({ up: up.bytes, down: down.bytes }),
    set(changed) {
      options = { ...options, ...changed }
    },
    cut,
    setOpen(now) {
      open = now
      if (!open) cut()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}

/** Hands on what comes, when it would have arrived. */
function carry(
  from: Socket,
  to: Socket,
  lane: Lane,
  opened: number,
  options: () => LineOptions,
  random: () => number,
): void {
  const packets: { readonly at: number; readonly bytes: Buffer }[] = []
  let underWay = 0
  let newest = opened
  let timer: NodeJS.Timeout | undefined
  let ended = false

  const deliver = (): void => {
    timer = undefined
    const now = performance.now()
    while (packets[0] !== undefined && packets[0].at <= now) {
      const { bytes } = packets[0]
      packets.shift()
      underWay -= bytes.length
      if (!to.destroyed) to.write(bytes)
    }
    if (underWay < WINDOW) from.resume()
    if (packets[0] !== undefined) timer = setTimeout(deliver, Math.max(1, packets[0].at - now))
    else if (ended) to.end()
  }
  from.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += PACKET) {
      const bytes = chunk.subarray(at, at + PACKET)
      newest = Math.max(newest, arrival(lane, bytes.length, options(), random))
      packets.push({ at: newest, bytes })
      underWay += bytes.length
    }
    if (underWay >= WINDOW) from.pause()
    if (timer === undefined) deliver()
  })
  from.on('end', () => {
    ended = true
    if (timer === undefined) deliver()
  })
  from.on('close', () => {
    // What came in order is still on its way; what was cut off is not.
    if (ended) return
    clearTimeout(timer)
    to.destroy()
  })
}

/** When a packet that is sent now arrives. */
function arrival(
  lane: Lane,
  bytes: number,
  { bitsPerSecond, roundTrip, loss }: LineOptions,
  random: () => number,
): number {
  const started = Math.max(performance.now(), lane.freeAt)
  lane.freeAt = started + (bitsPerSecond === null ? 0 : (bytes * 8_000) / bitsPerSecond)
  lane.bytes += bytes
  const lost = loss > 0 && random() < loss
  return lane.freeAt + roundTrip / 2 + (lost ? Math.max(SHORTEST_RETRANSMISSION, roundTrip * 1.5) : 0)
}
