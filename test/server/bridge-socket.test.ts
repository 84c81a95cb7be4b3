import { describe, expect, it } from 'vitest'
import { largestRequest } from '../../electron/core/doors/bridge-request.ts'
import { closed, nextMessage, openDoor, openLine, signInBrowser } from './open-door.ts'

const call = (id: number, path: string, input: unknown = null): string =>
  JSON.stringify({ kind: 'call', id, path, input })

describe('line to the core', () => {
  it('is turned away without a session, from another origin, without an origin, by another name, or elsewhere', async () => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    await expect(openLine(door, '')).rejects.toThrow('401')
    await expect(openLine(door, cookie, { origin: 'https://evil.example' })).rejects.toThrow('403')
    await expect(openLine(door, cookie, { origin: '' })).rejects.toThrow('403')
    await expect(openLine(door, cookie, { host: `evil.example:${door.port}` })).rejects.toThrow('403')
    await expect(openLine(door, cookie, { path: '/other' })).rejects.toThrow('404')
  })

  it('carries a call and its answer', async () => {
    const { door } = await openDoor()
    const line = await openLine(door, await signInBrowser(door))
    line.send(call(3, 'test.echo', { name: 'حليمة' }))
    expect(await nextMessage(line)).toEqual({ kind: 'result', id: 3, result: { ok: true, value: { name: 'حليمة' } } })
  })

  it('is the same client after a reload, and another one for another launch link', async () => {
    const { core, door } = await openDoor()
    const cookie = await signInBrowser(door)
    for (const session of [cookie, cookie, await signInBrowser(door)]) {
      const line = await openLine(door, session)
      line.send(call(1, 'test.echo'))
      await nextMessage(line)
      line.close()
      await closed(line)
    }
    const clients = core.received.map(({ client }) => client)
    expect(clients[1]).toBe(clients[0])
    expect(clients[2]).not.toBe(clients[0])
  })

  it('cancels what a closed page was waiting for', async () => {
    const { core, door } = await openDoor()
    const line = await openLine(door, await signInBrowser(door))
    line.send(JSON.stringify({ kind: 'subscribe', id: 1, path: 'test.changes', input: null }))
    await core.until(({ received }) => received.length === 1)
    line.close()
    await core.until(({ received }) => received.length === 2)
    expect(core.received[1]?.request).toEqual({ kind: 'cancel', id: core.received[0]?.request.id })
  })

  it('closes on what is not a request, and the core never sees it', async () => {
    const { core, door } = await openDoor()
    const cookie = await signInBrowser(door)
    const malformed = await openLine(door, cookie)
    malformed.send('{"kind":"steal"}')
    expect(await closed(malformed)).toBe(1008)
    const binary = await openLine(door, cookie)
    binary.send(Buffer.from(call(1, 'test.echo')))
    expect(await closed(binary)).toBe(1003)
    expect(core.received).toEqual([])
  })

  it('takes a request up to the limit and closes with its own code above it', async () => {
    const { door } = await openDoor()
    const cookie = await signInBrowser(door)
    const frame = call(1, 'test.echo', '')
    const line = await openLine(door, cookie)
    line.send(call(1, 'test.echo', 'x'.repeat(largestRequest - frame.length)))
    expect(await nextMessage(line)).toMatchObject({ kind: 'result', id: 1 })
    line.send(call(2, 'test.echo', 'x'.repeat(largestRequest)))
    expect(await closed(line)).toBe(1009)
  })

  it('ends when a page gives no sign of life', async () => {
    const { core, door } = await openDoor({ heartbeat: 20 })
    const line = await openLine(door, await signInBrowser(door))
    line.send(JSON.stringify({ kind: 'subscribe', id: 1, path: 'test.changes', input: null }))
    await core.until(({ received }) => received.length === 1)
    // Deaf: neither reads nor answers pings any more.
    line.pause()
    await core.until(({ received }) => received.some(({ request }) => request.kind === 'cancel'))
    line.resume()
    expect(await closed(line)).toBe(1006)
  })

  it('forgets the sign-in once the browser stays away, not on a reload', async () => {
    const { core, door } = await openDoor({ absence: 30 })
    const cookie = await signInBrowser(door)
    const first = await openLine(door, cookie)
    const second = await openLine(door, cookie)
    second.send(call(1, 'test.echo'))
    await nextMessage(second)
    first.close()
    await closed(first)
    expect(core.forgotten).toEqual([])
    second.close()
    await core.until(({ forgotten }) => forgotten.length > 0)
    expect(core.forgotten).toEqual([core.received[0]?.client])
  })

  it('closes with "going away" when the office closes', async () => {
    const { door } = await openDoor()
    const line = await openLine(door, await signInBrowser(door))
    const code = closed(line)
    await door.close()
    expect(await code).toBe(1001)
  })
})
