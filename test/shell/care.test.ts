import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App, BrowserWindow, Dialog, Menu, MenuItemConstructorOptions, MessageBoxOptions, Tray } from 'electron'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { careForCore, careForWindow } from '../../electron/shell/crash-care.ts'
import { launchOf, runInstaller } from '../../electron/shell/installer.ts'
import { labelsFor } from '../../electron/shell/labels.ts'
import { followLine } from '../../electron/shell/power.ts'
import { closeCoreBeforeQuit } from '../../electron/shell/quit.ts'
import { keepInTray } from '../../electron/shell/tray.ts'
import { FakeCore } from '../core/doors/fake-core.ts'
import { FakeEmitter } from './electron-fakes.ts'

const labels = labelsFor('en')
const settle = () => new Promise(setImmediate)

/** A dialog that is answered by the number of a button. */
function dialogWith(...answers: readonly number[]) {
  const asked: MessageBoxOptions[] = []
  const left = [...answers]
  const showMessageBox = async (options: MessageBoxOptions) => {
    asked.push(options)
    return { response: left.shift() ?? 0 }
  }
  return { asked, dialog: { showMessageBox } as unknown as Dialog }
}

describe('a core that broke down', () => {
  const crash = async (answer: number) => {
    const core = new FakeCore()
    const done: string[] = []
    const app = { relaunch: () => done.push('relaunch'), exit: (code: number) => done.push(`exit ${code}`) }
    const { asked, dialog } = dialogWith(answer)
    careForCore(core, app as unknown as App, { dialog, labels: () => labels })
    core.crash()
    await settle()
    return { asked, done }
  }

  it('says what is safe, and nothing of what broke it beyond its name', async () => {
    const { asked } = await crash(0)
    expect(asked[0]?.message).toBe(labels.hasStopped)
    expect(asked[0]?.detail).toContain(labels.safe)
    expect(asked[0]?.detail).not.toContain('broken')
  })

  it('is started again, or ended, as the officer says', async () => {
    expect((await crash(0)).done).toEqual(['relaunch', 'exit 1'])
    expect((await crash(1)).done).toEqual(['exit 1'])
  })
})

describe('a window', () => {
  function care(...answers: readonly number[]) {
    const done: string[] = []
    const contents = Object.assign(new FakeEmitter(), {
      forcefullyCrashRenderer: () => {
        done.push('ended')
        contents.emit('render-process-gone', {}, { reason: 'killed' })
      },
    })
    const window = Object.assign(new FakeEmitter(), {
      webContents: contents,
      reload: () => done.push('reload'),
      isDestroyed: () => false,
    })
    const { asked, dialog } = dialogWith(...answers)
    careForWindow(window as unknown as BrowserWindow, { dialog, labels: () => labels })
    return { window, contents, done, asked }
  }

  it('that broke down says what is safe and comes back', async () => {
    const { contents, done, asked } = care(0)
    contents.emit('render-process-gone', {}, { reason: 'oom' })
    await settle()
    expect(asked).toMatchObject([{ message: labels.windowStopped, detail: labels.safe }])
    expect(done).toEqual(['reload'])
  })

  it('that was closed in order is left alone', async () => {
    const { contents, done, asked } = care()
    contents.emit('render-process-gone', {}, { reason: 'clean-exit' })
    await settle()
    expect({ done, asked }).toEqual({ done: [], asked: [] })
  })

  it('that hangs is waited for, or opened again with one question', async () => {
    const waits = care(1)
    waits.window.emit('unresponsive')
    await settle()
    expect({ done: waits.done, asked: waits.asked.length }).toEqual({ done: [], asked: 1 })
    const again = care(0)
    again.window.emit('unresponsive')
    again.window.emit('unresponsive')
    await settle()
    expect({ done: again.done, asked: again.asked.length }).toEqual({ done: ['ended', 'reload'], asked: 1 })
  })
})

describe('quitting', () => {
  function open(...answers: readonly number[]) {
    const core = new FakeCore()
    const app = Object.assign(new FakeEmitter(), {
      quits: 0,
      quit() {
        app.quits += 1
      },
    })
    const { asked, dialog } = dialogWith(...answers)
    const quitting = closeCoreBeforeQuit({
      app: app as unknown as App & typeof app,
      core,
      dialog,
      labels: () => labels,
    })
    return { core, app, asked, quitting }
  }

  it('waits until the core is closed', async () => {
    const { core, app, asked } = open()
    expect(app.prevents('before-quit')).toBe(true)
    await settle()
    expect({ closed: core.isClosed, quits: app.quits, asked }).toEqual({ closed: true, quits: 1, asked: [] })
    expect(app.prevents('before-quit')).toBe(false)
  })

  it('asks while payments go out, and can be taken back', async () => {
    const { core, app, asked } = open(0, 1)
    core.works({ sending: 1, other: 0 })
    expect(app.prevents('before-quit')).toBe(true)
    await settle()
    expect({ closed: core.isClosed, message: asked[0]?.message }).toEqual({
      closed: false,
      message: labels.stillSending,
    })
    expect(app.prevents('before-quit')).toBe(true)
    await settle()
    expect({ closed: core.isClosed, quits: app.quits }).toEqual({ closed: true, quits: 1 })
  })

  it('asks once, however often it is wanted, and not when only other work runs', async () => {
    const { core, app, asked } = open(0)
    core.works({ sending: 0, other: 2 })
    core.works({ sending: 2, other: 0 })
    app.prevents('before-quit')
    app.prevents('before-quit')
    await settle()
    expect(asked).toHaveLength(1)
  })

  it('closes the core before an installer runs, and ends the program even where that fails', async () => {
    const { core, app, quitting } = open()
    let closedThen = false
    const failing = quitting.after(async () => {
      closedThen = core.isClosed
      throw new Error('no installer')
    })
    await expect(failing).rejects.toThrow('no installer')
    expect({ closedThen, quits: app.quits }).toEqual({ closedThen: true, quits: 1 })
  })
})

describe('tray', () => {
  it('says what runs, and is not built anew while that stays the same', () => {
    const tips: string[] = []
    const menus: MenuItemConstructorOptions[][] = []
    const tray = Object.assign(new FakeEmitter(), {
      setToolTip: (tip: string) => tips.push(tip),
      setContextMenu: () => undefined,
    })
    const core = new FakeCore()
    const build = (template: MenuItemConstructorOptions[]): Menu => {
      menus.push(template)
      return {} as Menu
    }
    const actions = { show: () => undefined, quit: () => undefined }
    keepInTray(() => tray as unknown as Tray, build, core, 'Office', labels, actions)
    core.works({ sending: 1, other: 1 })
    core.works({ sending: 2, other: 0 })
    core.works({ sending: 0, other: 1 })
    core.works({ sending: 0, other: 0 })
    expect(tips).toEqual(
      [labels.nothingRuns, labels.paymentsGoOut, labels.workGoesOn, labels.nothingRuns].map(
        (word) => `Office – ${word}`,
      ),
    )
    expect(menus.map(([first]) => first?.label)).toHaveLength(4)
  })
})

describe('followLine', () => {
  it('tells the core when the network goes and comes back, and nothing while it stays', () => {
    const core = new FakeCore()
    let online = false
    let look = (): void => undefined
    const stop = followLine({ isOnline: () => online }, core, (_, callback) => {
      look = callback
      return () => undefined
    })
    look()
    online = true
    look()
    look()
    stop()
    expect(core.powerEvents).toEqual(['line-down', 'line-up'])
  })
})

describe('installer', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'installer-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  async function run(name: string, spoil = false) {
    const file = join(folder, name)
    const bytes = Buffer.from('an installer')
    writeFileSync(file, spoil ? 'something else' : bytes)
    const started: string[] = []
    const shell = {
      openPath: async (path: string) => {
        started.push(`open ${path}`)
        return ''
      },
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const ran = await runInstaller({ file, sha256, version: '1.4.0' }, shell, async (program, parameters) => {
      started.push([program, ...parameters].join(' '))
    })
    return { ran, started: started.map((line) => line.replaceAll(file, 'FILE')) }
  }

  it.each([
    ['a.exe', 'FILE /S --updated --force-run'],
    ['a.msi', 'msiexec /i FILE /passive /norestart'],
    ['a.AppImage', 'FILE'],
    ['a.dmg', 'open FILE'],
    ['a.deb', 'open FILE'],
    ['a.rpm', 'open FILE'],
  ])('%s is run as %s', async (name, line) => {
    expect(await run(name)).toEqual({ ran: true, started: [line] })
  })

  it('is not run when it is not the one that was checked, or none at all', async () => {
    expect(await run('a.exe', true)).toEqual({ ran: false, started: [] })
    expect(await run('a.sh')).toEqual({ ran: false, started: [] })
    expect(launchOf('exe')).toBeUndefined()
  })
})
