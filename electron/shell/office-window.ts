import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { officeOrigin } from './office-origin.ts'

/** What a window of the office may do: nothing beyond showing the screens and the one function of the preload script. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 860,
    minWidth: 720,
    minHeight: 480,
    show: false,
    webPreferences: {
      preload,
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
    },
  }
}

export interface OfficeWindow {
  /** Brings the window to the front, opening it if it was closed. */
  show(): void
}

/**
 * At most one window.
 * @param create makes the native window.
 * @param opened called with each window before it shows anything.
 * @param closed called when the window is closed for good; the office goes on behind it.
 */
export function officeWindow(
  create: (options: BrowserWindowConstructorOptions) => BrowserWindow,
  preload: string,
  opened: (window: BrowserWindow) => void,
  closed: () => void,
): OfficeWindow {
  let window: BrowserWindow | undefined
  return {
    show() {
      if (window !== undefined) {
        if (window.isMinimized()) window.restore()
        window.show()
        window.focus()
        return
      }
      const created = create(windowOptions(preload))
      window = created
      opened(created)
      created.once('ready-to-show', () => created.show())
      created.on('closed', () => {
        window = undefined
        closed()
      })
      void created.loadURL(`${officeOrigin}/index.html`)
    },
  }
}
