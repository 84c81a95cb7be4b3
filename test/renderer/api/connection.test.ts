import { describe, expect, test } from 'vitest'
import { createApi } from '../../../renderer/api/client.ts'
import { openConnection } from '../../../renderer/api/connection.ts'
import { OfficeFault } from '../../../renderer/api/office-fault.ts'
import type { Bridge, BridgeReply, BridgeRequest } from '../../../shared/contract/bridge.ts'

/** A door whose other side the test plays. */
function openDoor() {
  const sent: BridgeRequest[] = []
  let reply: (reply: BridgeReply) => void = () => undefined
  let state: (up: boolean) => void = () => undefined
  const bridge: Bridge = {
    connect(onReply, onState) {
      reply = onReply
      state = onState
      return { send: (request) => void sent.push(request), close: () => undefined }
    },
  }
  const connection = openConnection(bridge)
  return {
    connection,
    api: createApi(connection),
    sent,
    reply: (answer: BridgeReply) => reply(answer),
    up: () => state(true),
    down: () => state(false),
    last: () => sent.at(-1) as BridgeRequest,
  }
}

const status = { state: 'none', training: false, officeName: '', officers: [], trainingPins: {} }

describe('questions', () => {
  test('are answered with the value the core gives', async () => {
    const door = openDoor()
    door.up()
    const answer = door.api.setup.status.ask()
    expect(door.last()).toMatchObject({ kind: 'call', path: 'setup.status' })
    door.reply({ kind: 'result', id: door.last().id, result: { ok: true, value: status } })
    expect(await answer).toEqual(status)
  })

  test('throw the fault the core gives', async () => {
    const door = openDoor()
    door.up()
    const answer = door.api.setup.status.ask()
    const fault = { code: 'store.damaged', params: {} } as const
    door.reply({ kind: 'result', id: door.last().id, result: { ok: false, error: fault } })
    const thrown = await answer.catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(OfficeFault)
    expect((thrown as OfficeFault).fault).toEqual(fault)
  })

  test('asked before the line is up go out when it is', async () => {
    const door = openDoor()
    const answer = door.api.session.current.ask()
    expect(door.sent).toEqual([])
    door.up()
    door.reply({ kind: 'result', id: door.last().id, result: { ok: true, value: null } })
    expect(await answer).toBeNull()
  })

  test('that were on their way when the line broke are asked again', async () => {
    const door = openDoor()
    door.up()
    const answer = door.api.session.current.ask()
    door.down()
    door.up()
    expect(door.sent.map(({ kind }) => kind)).toEqual(['call', 'call'])
    door.reply({ kind: 'result', id: door.last().id, result: { ok: true, value: null } })
    expect(await answer).toBeNull()
  })

  test('that are given up are cancelled in the core', async () => {
    const door = openDoor()
    door.up()
    const abort = new AbortController()
    const answer = door.api.setup.status.ask(undefined, abort.signal).catch((error: unknown) => error)
    const { id } = door.last()
    abort.abort()
    await answer
    expect(door.last()).toEqual({ kind: 'cancel', id })
  })
})

describe('commands', () => {
  test('are never repeated after the line broke: they may have been carried out', async () => {
    const door = openDoor()
    door.up()
    const done = door.api.setup.unlock.run({ passphrase: 'four words and more' }).catch((error: unknown) => error)
    door.down()
    door.up()
    expect(door.sent).toHaveLength(1)
    expect(((await done) as OfficeFault).fault.code).toBe('api.line-to-core-lost')
  })
})

describe('subscriptions', () => {
  test('pass events on, are taken up again after a break, and end when stopped', () => {
    const door = openDoor()
    door.up()
    const heard: unknown[] = []
    const stop = door.api.changes.stream.follow(undefined, { event: (change) => heard.push(change) })
    const { id } = door.last()
    door.reply({ kind: 'event', id, data: { sequence: 1, kinds: ['registrant'] } })
    door.down()
    door.up()
    expect(door.last()).toMatchObject({ kind: 'subscribe', id, path: 'changes.stream' })
    door.reply({ kind: 'event', id, data: { sequence: 2, kinds: ['batch'] } })
    stop()
    expect(door.last()).toEqual({ kind: 'cancel', id })
    door.reply({ kind: 'event', id, data: { sequence: 3, kinds: ['batch'] } })
    expect(heard).toEqual([
      { sequence: 1, kinds: ['registrant'] },
      { sequence: 2, kinds: ['batch'] },
    ])
  })

  test('tell the fault they broke with', () => {
    const door = openDoor()
    door.up()
    const ends: unknown[] = []
    door.api.changes.stream.follow(undefined, { event: () => undefined, end: (fault) => ends.push(fault?.fault.code) })
    const error = { code: 'api.signed-out', params: {} } as const
    door.reply({ kind: 'end', id: door.last().id, result: { ok: false, error } })
    expect(ends).toEqual(['api.signed-out'])
  })
})

test('the keys of questions tell procedures and inputs apart', () => {
  const { api } = openDoor()
  expect(api.setup.status.queryKey()).toEqual([['setup', 'status']])
  expect(api.session.current.queryOptions(undefined, { kinds: ['officer'] })).toMatchObject({
    queryKey: [['session', 'current']],
    meta: { kinds: ['officer'] },
  })
})
