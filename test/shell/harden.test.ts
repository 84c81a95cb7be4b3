import type { App, Dialog, Session, Shell } from 'electron'
import { describe, expect, it } from 'vitest'
import { OfferedLinks } from '../../electron/shell/external-links.ts'
import { hardenApp, hardenSession } from '../../electron/shell/harden.ts'
import { labelsFor } from '../../electron/shell/labels.ts'
import { FakeContents, FakeEmitter } from './electron-fakes.ts'

function openApp(answer = 0, offered: readonly string[] = []) {
  const app = new FakeEmitter()
  const seen = { sandbox: false, asked: [] as string[], opened: [] as string[] }
  const dialog = {
    showMessageBox: async (options: { detail: string }) => {
      seen.asked.push(options.detail)
      return { response: answer }
    },
  }
  const shell = { openExternal: async (url: string) => void seen.opened.push(url) }
  Object.assign(app, {
    enableSandbox: () => {
      seen.sandbox = true
    },
  })
  const links = new OfferedLinks()
  for (const address of offered) links.add(address)
  hardenApp({
    app: app as unknown as App,
    dialog: dialog as unknown as Dialog,
    shell: shell as unknown as Shell,
    labels: () => labelsFor('en'),
    isOffered: (address) => links.has(address),
  })
  const contents = new FakeContents()
  app.emit('web-contents-created', {}, contents)
  return { app, contents, seen }
}

describe('every window', () => {
  it('is sandboxed', () => {
    expect(openApp().seen.sandbox).toBe(true)
  })

  it.each(['will-navigate', 'will-redirect'])('stays with the screens on %s', (name) => {
    const { contents } = openApp()
    expect(contents.prevents(name, { url: 'office://app/index.html#/batches' })).toBe(false)
    for (const url of [
      'https://example.org/',
      'office://app.example.org/',
      'office://other/',
      'office://user@app/',
      'https://example.org/?office://app/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'not an address',
    ]) {
      expect(contents.prevents(name, { url })).toBe(true)
    }
  })

  it('has no webviews and no frames', () => {
    const { contents } = openApp()
    expect(contents.prevents('will-attach-webview')).toBe(true)
    expect(contents.prevents('will-frame-navigate', { isMainFrame: false, url: 'office://app/' })).toBe(true)
    expect(contents.prevents('will-frame-navigate', { isMainFrame: true, url: 'office://app/' })).toBe(false)
  })

  it('opens the page of a provider that the core has just made, letter by letter, in the browser of the system', async () => {
    const page = 'https://id.example.org/authorize?state=of-this-attempt'
    const { contents, seen } = openApp(0, [page, 'http://id.example.org/authorize', 'file:///etc/passwd'])
    for (const url of [
      page,
      `${page}x`,
      'https://id.example.org/authorize',
      'http://id.example.org/authorize',
      'file:///etc/passwd',
    ]) {
      expect(contents.asksToOpen(url)).toBe('deny')
    }
    await Promise.resolve()
    expect(seen).toMatchObject({ asked: [], opened: [page] })
  })

  it('never opens another window and never leaves for an unknown site', async () => {
    const { contents, seen } = openApp(1)
    for (const url of [
      'https://example.org/',
      'http://docs.openg2p.org/',
      'https://docs.openg2p.org.example.org/',
      'https://user:word@docs.openg2p.org/',
      'https://docs.openg2p.org:8443/',
      'file:///etc/passwd',
      'office://app/index.html',
    ]) {
      expect(contents.asksToOpen(url)).toBe('deny')
    }
    await Promise.resolve()
    expect(seen).toMatchObject({ asked: [], opened: [] })
  })

  it('offers a known site and opens it in the browser only when the officer says so', async () => {
    const link = 'https://docs.openg2p.org/pages/'
    const stays = openApp(0)
    expect(stays.contents.asksToOpen(link)).toBe('deny')
    const leaves = openApp(1)
    leaves.contents.asksToOpen(link)
    await new Promise(setImmediate)
    expect(stays.seen).toMatchObject({ asked: [link], opened: [] })
    expect(leaves.seen).toMatchObject({ asked: [link], opened: [link] })
  })

  it('refuses a bad certificate', () => {
    const { app } = openApp()
    const answers: boolean[] = []
    const callback = (trusted: boolean): void => void answers.push(trusted)
    expect(app.prevents('certificate-error', {}, {}, 'https://a', 'expired', {}, callback)).toBe(true)
    expect(answers).toEqual([false])
  })
})

describe('session', () => {
  function harden() {
    // biome-ignore lint/complexity/noBannedTypes: handlers of many shapes are caught here and called below.
    const handlers: Record<string, Function> = {}
    const catching = (name: string) => (handler: () => unknown) => {
      handlers[name] = handler
    }
    const switches: boolean[] = []
    hardenSession({
      setPermissionRequestHandler: catching('request'),
      setPermissionCheckHandler: catching('check'),
      setDevicePermissionHandler: catching('device'),
      setDisplayMediaRequestHandler: catching('display'),
      setSpellCheckerEnabled: (on: boolean) => void switches.push(on),
      webRequest: { onBeforeRequest: catching('load') },
    } as unknown as Session)
    return { handlers, switches }
  }

  it.each(['geolocation', 'media', 'notifications', 'hid', 'usb', 'openExternal', 'fileSystem', 'clipboard-read'])(
    'refuses %s',
    (permission) => {
      const { handlers } = harden()
      const answers: boolean[] = []
      const details = { requestingUrl: 'office://app/index.html' }
      handlers.request?.({}, permission, (granted: boolean) => answers.push(granted), details)
      expect([...answers, handlers.check?.({}, permission, 'office://app', {})]).toEqual([false, false])
    },
  )

  it('lets the screens, and nobody else, put a text on the clipboard', () => {
    const { handlers } = harden()
    const ask = (requestingUrl: string): boolean[] => {
      const answers: boolean[] = []
      const collect = (granted: boolean): void => void answers.push(granted)
      handlers.request?.({}, 'clipboard-sanitized-write', collect, { requestingUrl })
      return answers
    }
    expect(ask('office://app/index.html')).toEqual([true])
    expect(ask('https://example.org/')).toEqual([false])
  })

  it.each([
    [['video'], 'video', true],
    [['audio'], 'audio', false],
    [['video', 'audio'], 'audio', false],
    [[], 'unknown', false],
  ] as const)('of camera and microphone, %j is granted: %s', (mediaTypes, mediaType, granted) => {
    const { handlers } = harden()
    const answers: boolean[] = []
    const collect = (answer: boolean): void => void answers.push(answer)
    handlers.request?.({}, 'media', collect, { requestingUrl: 'office://app/index.html', mediaTypes })
    handlers.request?.({}, 'media', collect, { requestingUrl: 'https://example.org/', mediaTypes })
    answers.push(handlers.check?.({}, 'media', 'office://app', { mediaType }))
    expect(answers).toEqual([granted, false, granted])
  })

  it('gives no device and no picture of the screen, and checks no spelling', () => {
    const { handlers, switches } = harden()
    expect(handlers.device?.({})).toBe(false)
    const streams: unknown[] = []
    handlers.display?.({}, (given: unknown) => streams.push(given))
    expect({ streams, switches }).toEqual({ streams: [{}], switches: [false] })
  })

  it.each([
    ['office://app/assets/index.js', false],
    ['blob:office://app/1b9d6bcd', false],
    ['https://example.org/', true],
    ['http://127.0.0.1/', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['blob:https://example.org/1b9d6bcd', true],
    ['data:text/html,x', true],
  ])('loads %s: refused %s', (url, cancel) => {
    const { handlers } = harden()
    const answers: unknown[] = []
    handlers.load?.({ url }, (answer: unknown) => answers.push(answer))
    expect(answers).toEqual([{ cancel }])
  })
})
