import type { IpcMain, IpcRenderer } from 'electron'
import { describe, expect, it } from 'vitest'
import { bridgeChannel } from '../../electron/shell/bridge-channel.ts'
import { coreBridge } from '../../electron/shell/core-bridge.ts'
import { windowBridge } from '../../electron/shell/window-bridge.ts'
import type { BridgeReply } from '../../shared/contract/bridge.ts'
import { FakeCore } from '../core/doors/fake-core.ts'
import { FakeContents, FakeEmitter } from './electron-fakes.ts'

const officePage = { parent: null, url: 'office://app/index.html#/batches' }

/** Both ends of the line joined as Electron joins them. */
function joinEnds() {
  const core = new FakeCore()
  const main = new FakeEmitter()
  const bridge = coreBridge(main as unknown as IpcMain, core)
  const openPage = (contents: FakeContents, frame: object | null = officePage) => {
    const renderer = new FakeEmitter()
    Object.assign(renderer, {
      send: (channel: string, text: string) => main.emit(channel, { sender: contents, senderFrame: frame }, text),
    })
    Object.assign(contents, { send: (channel: string, text: string) => renderer.emit(channel, {}, text) })
    return windowBridge(renderer as unknown as IpcRenderer)
  }
  return { core, main, bridge, openPage }
}

describe('bridge of the window', () => {
  it('carries a call and its answer, and says that the line is up', () => {
    const { openPage } = joinEnds()
    const replies: BridgeReply[] = []
    const states: boolean[] = []
    const line = openPage(new FakeContents()).connect(
      (reply) => replies.push(reply),
      (up) => states.push(up),
    )
    line.send({ kind: 'call', id: 1, path: 'test.echo', input: { name: 'ሀና' } })
    expect(replies).toEqual([{ kind: 'result', id: 1, result: { ok: true, value: { name: 'ሀና' } } }])
    expect(states).toEqual([true])
  })

  it('keeps two lines of one page apart', () => {
    const { core, openPage } = joinEnds()
    const page = openPage(new FakeContents())
    const heard: string[] = []
    const first = page.connect(
      () => heard.push('first'),
      () => undefined,
    )
    const second = page.connect(
      () => heard.push('second'),
      () => undefined,
    )
    first.send({ kind: 'subscribe', id: 1, path: 'test.changes', input: null })
    second.send({ kind: 'subscribe', id: 1, path: 'test.changes', input: null })
    core.reply(core.received[1]?.client ?? '', { kind: 'event', id: core.received[1]?.request.id ?? -1, data: 1 })
    expect(heard).toEqual(['second'])
  })

  it.each([
    ['another site', { parent: null, url: 'https://example.org/' }],
    ['a name that only begins like ours', { parent: null, url: 'office://app.example.org/' }],
    ['a frame inside the page', { parent: {}, url: 'office://app/index.html' }],
    ['a frame that is gone', null],
  ])('does not listen to %s', (_case, frame) => {
    const { core, openPage } = joinEnds()
    const line = openPage(new FakeContents(), frame).connect(
      () => undefined,
      () => undefined,
    )
    line.send({ kind: 'call', id: 1, path: 'test.echo', input: null })
    expect(core.received).toEqual([])
  })

  it.each([
    [undefined],
    [42],
    ['nonsense'],
    ['{"line":1,"does":"send","request":{}}'],
    ['{"line":1,"does":"send","request":"{}"}'],
    ['{"line":2,"does":"send","request":"{\\"kind\\":\\"call\\",\\"id\\":1,\\"path\\":\\"a.b\\"}"}'],
    ['{"line":1,"does":"steal"}'],
  ])('takes no notice of %s', (text) => {
    const { core, main } = joinEnds()
    const contents = new FakeContents()
    main.emit(bridgeChannel, { sender: contents, senderFrame: officePage }, '{"line":1,"does":"open"}')
    main.emit(bridgeChannel, { sender: contents, senderFrame: officePage }, text)
    expect(core.received).toEqual([])
  })

  it('ends what a page was waiting for when it is reloaded, and stays the same client', () => {
    const { core, openPage } = joinEnds()
    const contents = new FakeContents()
    const connect = () =>
      openPage(contents).connect(
        () => undefined,
        () => undefined,
      )
    connect().send({ kind: 'subscribe', id: 1, path: 'test.changes', input: null })
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
    expect(core.received).toHaveLength(1)
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    connect().send({ kind: 'call', id: 1, path: 'test.echo', input: null })
    expect(core.received.map(({ request }) => request.kind)).toEqual(['subscribe', 'cancel', 'call'])
    expect(new Set(core.received.map(({ client }) => client)).size).toBe(1)
    expect(core.forgotten).toEqual([])
  })

  it('forgets the sign-in when the window is closed for good', () => {
    const { core, bridge, openPage } = joinEnds()
    const connect = (contents: FakeContents) =>
      openPage(contents).connect(
        () => undefined,
        () => undefined,
      )
    connect(new FakeContents(1)).send({ kind: 'call', id: 1, path: 'test.echo', input: null })
    bridge.forgetWindow()
    connect(new FakeContents(2)).send({ kind: 'call', id: 1, path: 'test.echo', input: null })
    const [before, after] = core.received.map(({ client }) => client)
    expect(core.forgotten).toEqual([before])
    expect(after).not.toBe(before)
  })
})
