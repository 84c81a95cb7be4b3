import type { App, BrowserWindow, PowerMonitor, Protocol, SafeStorage, Session } from 'electron'
import { describe, expect, it } from 'vitest'
import type { ScreenFiles } from '../../electron/core/doors/screen-files.ts'
import { guardDownloads, safeFileName } from '../../electron/shell/downloads.ts'
import { systemKeyStore } from '../../electron/shell/key-store.ts'
import { labelsFor } from '../../electron/shell/labels.ts'
import { menuTemplate } from '../../electron/shell/menu.ts'
import { officeWindow } from '../../electron/shell/office-window.ts'
import { followPower } from '../../electron/shell/power.ts'
import { registerOfficeScheme, serveOfficeScheme } from '../../electron/shell/protocol.ts'
import { claimSingleInstance } from '../../electron/shell/single-instance.ts'
import { keepInTray } from '../../electron/shell/tray.ts'
import { FakeCore } from '../core/doors/fake-core.ts'
import { FakeEmitter } from './electron-fakes.ts'

describe('protocol of the screens', () => {
  const files: ScreenFiles = {
    find: async (path) =>
      path === '/index.html'
        ? { body: Buffer.from('page'), headers: { 'Content-Security-Policy': "default-src 'none'" } }
        : undefined,
  }
  async function ask(url: string, method = 'GET'): Promise<Response> {
    let handler: ((request: Request) => Promise<Response>) | undefined
    serveOfficeScheme(
      {
        handle: (_scheme: string, given: typeof handler) => {
          handler = given
        },
      } as unknown as Protocol,
      files,
    )
    // Node's own Request does not know the scheme; the handler reads only these two.
    return (await handler?.({ url, method } as Request)) ?? Response.error()
  }

  it('hands out a file with its policy', async () => {
    const answer = await ask('office://app/index.html')
    expect(await answer.text()).toBe('page')
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'")
  })

  it.each([
    ['office://app/missing.js', 'GET', 404],
    ['office://other/index.html', 'GET', 403],
    ['office://app/index.html', 'POST', 403],
  ])('answers %s %s with %s', async (url, method, status) => {
    expect((await ask(url, method)).status).toBe(status)
  })

  it('is registered as a secure scheme without special rights', () => {
    const registered: unknown[] = []
    registerOfficeScheme({ registerSchemesAsPrivileged: (schemes: unknown) => void registered.push(schemes) })
    expect(registered).toEqual([
      [{ scheme: 'office', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }],
    ])
  })
})

describe('window', () => {
  function open() {
    const made: { options: Electron.BrowserWindowConstructorOptions; window: FakeEmitter; shown: number }[] = []
    let closed = 0
    const create = (options: Electron.BrowserWindowConstructorOptions) => {
      const entry = { options, window: new FakeEmitter(), shown: 0 }
      made.push(entry)
      Object.assign(entry.window, {
        loadURL: async () => undefined,
        isMinimized: () => false,
        focus: () => undefined,
        show: () => {
          entry.shown += 1
        },
      })
      return entry.window as unknown as BrowserWindow
    }
    return {
      made,
      window: officeWindow(
        create,
        'preload.cjs',
        () => undefined,
        () => {
          closed += 1
        },
      ),
      closed: () => closed,
    }
  }

  it('is isolated, sandboxed and without Node', () => {
    const { made, window } = open()
    window.show()
    expect(made[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      preload: 'preload.cjs',
    })
  })

  it('exists once and comes to the front when asked for again', () => {
    const { made, window } = open()
    window.show()
    window.show()
    expect(made.map(({ shown }) => shown)).toEqual([1])
  })

  it('opens anew after it was closed, and tells that it was', () => {
    const { made, window, closed } = open()
    window.show()
    made[0]?.window.emit('closed')
    window.show()
    expect({ windows: made.length, closed: closed() }).toEqual({ windows: 2, closed: 1 })
  })
})

describe('claimSingleInstance', () => {
  const appWith = (first: boolean) => Object.assign(new FakeEmitter(), { requestSingleInstanceLock: () => first })

  it('brings the first window to the front instead of opening a second office', () => {
    let shown = 0
    const app = appWith(true)
    expect(
      claimSingleInstance(app as unknown as App, () => {
        shown += 1
      }),
    ).toBe(true)
    app.emit('second-instance')
    expect(shown).toBe(1)
    expect(claimSingleInstance(appWith(false) as unknown as App, () => undefined)).toBe(false)
  })
})

describe('followPower', () => {
  it('tells the core about sleep and wake', () => {
    const monitor = new FakeEmitter()
    const core = new FakeCore()
    followPower(monitor as unknown as PowerMonitor, core)
    monitor.emit('suspend')
    monitor.emit('resume')
    expect(core.powerEvents).toEqual(['suspend', 'resume'])
  })
})

describe('downloads', () => {
  function download(url: string) {
    const session = new FakeEmitter()
    guardDownloads(session as unknown as Session)
    const options: unknown[] = []
    const item = {
      getURL: () => url,
      getFilename: () => '../bad\u202erows.csv',
      setSaveDialogOptions: (given: unknown) => void options.push(given),
    }
    return { refused: session.prevents('will-download', {}, item), options }
  }

  it('saves what the screens made, under a harmless name', () => {
    expect(download('blob:office://app/1b9d')).toEqual({ refused: false, options: [{ defaultPath: '_bad_rows.csv' }] })
  })

  it.each(['https://example.org/a.exe', 'blob:https://example.org/1', 'office://app/index.html', 'data:text/plain,x'])(
    'refuses %s',
    (url) => {
      expect(download(url)).toEqual({ refused: true, options: [] })
    },
  )

  it('always has a name', () => {
    expect(safeFileName('...')).toBe('export')
    expect(safeFileName('a'.repeat(500))).toHaveLength(120)
    expect(safeFileName('دفعات.csv')).toBe('دفعات.csv')
  })
})

describe('systemKeyStore', () => {
  const storage = (backEnd: string, available = true) =>
    ({
      isAsyncEncryptionAvailable: async () => available,
      getSelectedStorageBackend: () => backEnd,
      encryptStringAsync: async (text: string) => Buffer.from(`sealed ${text}`),
      decryptStringAsync: async (bytes: Buffer) => ({ result: bytes.toString().slice(7), shouldReEncrypt: false }),
    }) as unknown as SafeStorage

  it('seals and opens by the key ring of the system', async () => {
    const keys = systemKeyStore(storage('gnome_libsecret'), 'linux')
    expect(await keys.findBackEnd()).toBe('gnome_libsecret')
    expect(await keys.open(await keys.seal('key'))).toBe('key')
  })

  it.each([
    ['basic_text', true],
    ['unknown', true],
    ['kwallet6', false],
  ])('refuses the back end %s (available: %s)', async (backEnd, available) => {
    const keys = systemKeyStore(storage(backEnd, available), 'linux')
    expect(await keys.findBackEnd()).toBeUndefined()
    await expect(keys.seal('key')).rejects.toThrow('no protected key store')
    await expect(keys.open(Buffer.from('x'))).rejects.toThrow('no protected key store')
  })
})

describe('menu and tray', () => {
  it('offer to close the office for good, in the language of the system', () => {
    let quits = 0
    const [file] = menuTemplate(labelsFor('ar-SD'), 'linux', () => {
      quits += 1
    })
    const items = (file?.submenu ?? []) as { label?: string; click?: () => void }[]
    items.find(({ label }) => label === labelsFor('ar').closeOffice)?.click?.()
    expect(quits).toBe(1)
  })

  it('keep a way back to the office when its window is closed', () => {
    const tray = Object.assign(new FakeEmitter(), { setToolTip: () => undefined, setContextMenu: () => undefined })
    let shown = 0
    const actions = {
      show: () => {
        shown += 1
      },
      quit: () => undefined,
    }
    const build = (() => ({})) as never
    keepInTray(() => tray as never, build, new FakeCore(), 'G2P Field Office', labelsFor('en'), actions)
    tray.emit('click')
    expect(shown).toBe(1)
  })

  it.each(['en', 'fr', 'ar', 'ar-EG', 'arn'])('have words in %s', (locale) => {
    expect(Object.values(labelsFor(locale)).every((word) => word.length > 0)).toBe(true)
    expect(labelsFor(locale) === labelsFor('ar')).toBe(locale.split('-')[0] === 'ar')
  })
})
