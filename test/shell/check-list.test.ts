import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { contentSecurityPolicy, guardHeaders } from '../../electron/core/doors/screen-policy.ts'
import { windowOptions } from '../../electron/shell/office-window.ts'
import packageFile from '../../package.json' with { type: 'json' }
import packageLock from '../../package-lock.json' with { type: 'json' }

/*
 * What of Electron's security check list no other test here holds. ARCHITECTURE.md has all twenty items with their tests; the
 * numbers are those of the list.
 */

const exposed: [string, object][] = []
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: object) => exposed.push([name, api]) },
  ipcRenderer: { on: () => undefined, send: () => undefined },
}))

const shellSource = globSync('electron/{shell/*,main,preload}.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

describe('a window of the office', () => {
  it('has exactly the preferences that were thought about (2, 3, 4, 6, 8, 9, 10, 11)', () => {
    expect(windowOptions('preload.cjs').webPreferences).toEqual({
      preload: 'preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
    })
  })

  it('gets one function from the preload script, and nothing of Electron (20)', async () => {
    await import('../../electron/shell/expose-bridge.ts').then(({ exposeBridge }) => exposeBridge())
    expect(exposed.map(([name, api]) => [name, Object.keys(api)])).toEqual([['fieldOffice', ['connect']]])
  })

  it('may use the camera, which reads vouchers, and no other device (5)', () => {
    const granted = (guardHeaders['Permissions-Policy'] ?? '').split(', ').filter((one) => !one.endsWith('=()'))
    expect(granted).toEqual(['camera=(self)'])
  })

  it('loads nothing but the office: no address of the web, no unsafe words in its policy (1, 7)', () => {
    const policy = contentSecurityPolicy('n')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/)
  })
})

describe('the shell', () => {
  it.each([
    ['file:// (18)', /file:\/\/|loadFile\(/],
    ['features of Blink (10)', /enableBlinkFeatures|disableBlinkFeatures/],
    ['popups of webviews (11)', /allowpopups/i],
    ['switches that take protection away (6, 8)', /appendSwitch|disable-web-security|allow-running-insecure/],
    ['the remote module or Node in pages (2, 20)', /enableRemoteModule|@electron\/remote|nodeIntegration\w*: true/],
    ['another way to open an address than the one that asks (15)', /openExternal\((?!url\))/],
  ])('never uses %s', (_what, words) => {
    expect(shellSource).not.toMatch(words)
  })

  it('opens outside addresses in one place only (15)', () => {
    expect(shellSource.match(/\.openExternal\(/g)).toHaveLength(1)
  })

  it('listens to one channel only, whose sender is checked (17)', () => {
    expect(shellSource.match(/\bipc(Main)?\.(on|handle|once)\(/g)).toEqual(['ipc.on(', 'ipc.on('])
    expect(shellSource).not.toMatch(/ipcMain\.(on|handle|once)/)
  })
})

it('the Electron that is delivered is one exact version, the one that was tested (16)', () => {
  const { electron } = packageFile.devDependencies
  expect(electron).toMatch(/^\d+\.\d+\.\d+$/)
  expect(packageLock.packages['node_modules/electron'].version).toBe(electron)
})
