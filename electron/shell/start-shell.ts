import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  net,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  Tray,
} from 'electron'
import { type CoreThread, openCoreThread } from '../core/core-thread-handle.ts'
import { coreOptions, readOfficeArguments } from '../core/doors/office-arguments.ts'
import { screenFiles } from '../core/doors/screen-files.ts'
import { proxyInScriptAnswer } from '../core/http/proxy-words.ts'
import { coreBridge } from './core-bridge.ts'
import { careForCore, careForWindow } from './crash-care.ts'
import { guardDownloads } from './downloads.ts'
import { OfferedLinks } from './external-links.ts'
import { hardenApp, hardenSession } from './harden.ts'
import { runInstaller } from './installer.ts'
import { systemKeyStore } from './key-store.ts'
import { labelsFor } from './labels.ts'
import { menuTemplate } from './menu.ts'
import { officeWindow } from './office-window.ts'
import { followLine, followPower } from './power.ts'
import { registerOfficeScheme, serveOfficeScheme } from './protocol.ts'
import { closeCoreBeforeQuit } from './quit.ts'
import { claimSingleInstance } from './single-instance.ts'
import { keepInTray } from './tray.ts'

const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url))
const screens = fileURLToPath(new URL('../renderer', import.meta.url))
const trayImage = fileURLToPath(new URL('../../resources/tray.png', import.meta.url))

/** The office as a desktop app: the order in which its parts come up, one line per concern. */
export async function startShell(argv: readonly string[]): Promise<void> {
  const labels = () => labelsFor(app.getLocale())
  const officeArguments = readOfficeArguments(argv, false)
  // Each office has its own window profile, so that two offices on one laptop share no replica.
  app.setPath('userData', join(officeArguments.dataDirectory, 'window'))
  mkdirSync(app.getPath('userData'), { recursive: true })
  const links = new OfferedLinks()
  hardenApp({ app, shell, dialog, labels, isOffered: (address) => links.has(address) })
  registerOfficeScheme(protocol)
  let show = (): void => undefined
  if (!claimSingleInstance(app, () => show())) {
    app.quit()
    return
  }
  app.on('window-all-closed', () => undefined)
  app.on('activate', () => show())

  await app.whenReady()
  hardenSession(session.defaultSession)
  guardDownloads(session.defaultSession)
  serveOfficeScheme(protocol, screenFiles(screens))

  let core: CoreThread
  try {
    core = await openCoreThread(coreOptions(officeArguments, 'electron'), {
      findProxy: async (origin) => proxyInScriptAnswer(await session.defaultSession.resolveProxy(origin)),
      keyStore: systemKeyStore(safeStorage, process.platform),
    })
  } catch (error) {
    dialog.showErrorBox(labels().notOpened, error instanceof Error ? error.message : String(error))
    app.exit(1)
    return
  }
  core.onLink((url) => links.add(url))
  careForCore(core, app, { dialog, labels })
  const quitting = closeCoreBeforeQuit({ app, core, dialog, labels })
  core.onInstall((order) =>
    quitting.after(async () => {
      if (!(await runInstaller(order, shell))) dialog.showErrorBox(app.getName(), labels().notInstalled)
    }),
  )
  followPower(powerMonitor, core)
  followLine(net, core)
  const bridge = coreBridge(ipcMain, core)
  const window = officeWindow(
    (options) => new BrowserWindow(options),
    preload,
    (created) => careForWindow(created, { dialog, labels }),
    () => bridge.forgetWindow(),
  )
  show = () => window.show()
  const quit = (): void => app.quit()
  Menu.setApplicationMenu(Menu.buildFromTemplate([...menuTemplate(labels(), process.platform, quit)]))
  keepInTray(
    () => new Tray(nativeImage.createFromPath(trayImage)),
    (template) => Menu.buildFromTemplate(template),
    core,
    app.getName(),
    labels(),
    { show, quit },
  )
  show()
}
