import { describe, expect, it } from 'vitest'
import { routeReplies } from '../../../electron/core/doors/reply-routes.ts'
import type { BridgeReply } from '../../../shared/contract/bridge.ts'
import { FakeCore } from './fake-core.ts'

function openTwo() {
  const core = new FakeCore()
  const routes = routeReplies(core)
  const heard: { first: BridgeReply[]; second: BridgeReply[] } = { first: [], second: [] }
  const first = routes.open('officer', (text) => heard.first.push(JSON.parse(text)))
  const second = routes.open('officer', (text) => heard.second.push(JSON.parse(text)))
  return { core, first, second, heard }
}
const value = (text: string) => ({ ok: true, value: text }) as const

describe('routeReplies', () => {
  it('gives each tab its own answer when both use the same number', () => {
    const { core, first, second, heard } = openTwo()
    first.send({ kind: 'call', id: 1, path: 'a.first', input: null })
    second.send({ kind: 'call', id: 1, path: 'a.second', input: null })
    const [one, two] = core.received
    core.reply('officer', { kind: 'result', id: two?.request.id ?? -1, result: value('second') })
    core.reply('officer', { kind: 'result', id: one?.request.id ?? -1, result: value('first') })
    expect(heard).toEqual({
      first: [{ kind: 'result', id: 1, result: value('first') }],
      second: [{ kind: 'result', id: 1, result: value('second') }],
    })
  })

  it('passes on every event of a subscription until its end', () => {
    const { core, first, heard } = openTwo()
    first.send({ kind: 'subscribe', id: 4, path: 'a.changes', input: null })
    const id = core.received[0]?.request.id ?? -1
    core.reply('officer', { kind: 'event', id, data: 1 })
    core.reply('officer', { kind: 'event', id, data: 2 })
    core.reply('officer', { kind: 'end', id, result: { ok: true, value: null } })
    core.reply('officer', { kind: 'event', id, data: 3 })
    expect(heard.first.map((reply) => reply.kind)).toEqual(['event', 'event', 'end'])
  })

  it('cancels what a closed tab was waiting for and leaves the other tab alone', () => {
    const { core, first, second, heard } = openTwo()
    first.send({ kind: 'subscribe', id: 1, path: 'a.changes', input: null })
    first.send({ kind: 'call', id: 2, path: 'a.slow', input: null })
    second.send({ kind: 'call', id: 1, path: 'a.other', input: null })
    const ids = core.received.map(({ request }) => request.id)
    first.close()
    expect(core.received.slice(3).map(({ request }) => request)).toEqual([
      { kind: 'cancel', id: ids[0] },
      { kind: 'cancel', id: ids[1] },
    ])
    core.reply('officer', { kind: 'result', id: ids[1] ?? -1, result: value('late') })
    core.reply('officer', { kind: 'result', id: ids[2] ?? -1, result: value('kept') })
    expect(heard.first).toEqual([])
    expect(heard.second).toEqual([{ kind: 'result', id: 1, result: value('kept') }])
  })

  it('cancels by the number that the tab knows, and only what the tab has asked', () => {
    const { core, first, second } = openTwo()
    first.send({ kind: 'call', id: 9, path: 'a.slow', input: null })
    second.send({ kind: 'cancel', id: 9 })
    expect(core.received).toHaveLength(1)
    first.send({ kind: 'cancel', id: 9 })
    expect(core.received[1]?.request).toEqual({ kind: 'cancel', id: core.received[0]?.request.id })
  })

  it('never delivers a reply that is meant for another client', () => {
    const { core, first, heard } = openTwo()
    first.send({ kind: 'call', id: 1, path: 'a.call', input: null })
    core.reply('stranger', { kind: 'result', id: core.received[0]?.request.id ?? -1, result: value('no') })
    expect(heard.first).toEqual([])
  })

  it('answers everything that is open, and everything later, when the core has broken down', () => {
    const { core, first, heard } = openTwo()
    first.send({ kind: 'call', id: 1, path: 'a.call', input: null })
    first.send({ kind: 'subscribe', id: 2, path: 'a.changes', input: null })
    core.crash()
    first.send({ kind: 'call', id: 3, path: 'a.call', input: null })
    const stopped = { ok: false, error: { code: 'api.core-stopped', params: {} } }
    expect(heard.first).toEqual([
      { kind: 'result', id: 1, result: stopped },
      { kind: 'end', id: 2, result: stopped },
      { kind: 'result', id: 3, result: stopped },
    ])
    expect(core.received).toHaveLength(2)
  })
})
