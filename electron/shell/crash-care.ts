import type { App, BrowserWindow, Dialog, MessageBoxOptions } from 'electron'
import type { CoreThread } from '../core/core-thread-handle.ts'
import type { Labels } from './labels.ts'

interface CarePieces {
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly labels: () => Labels
}

/** A window whose page broke down or does not answer: says what is safe and opens it again. The core goes on behind it. */
export function careForWindow(
  window: Pick<BrowserWindow, 'on' | 'reload' | 'isDestroyed'> & {
    readonly webContents: Pick<BrowserWindow['webContents'], 'on' | 'forcefullyCrashRenderer'>
  },
  { dialog, labels }: CarePieces,
): void {
  let asking = false
  const ask = async (options: MessageBoxOptions): Promise<boolean> => {
    if (asking) return false
    asking = true
    try {
      return (await dialog.showMessageBox(options)).response === 0 && !window.isDestroyed()
    } finally {
      asking = false
    }
  }
  let endedByForce = false
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    if (endedByForce) {
      endedByForce = false
      window.reload()
      return
    }
    const { windowStopped, safe, openAgain } = labels()
    void ask({ type: 'warning', message: windowStopped, detail: safe, buttons: [openAgain] }).then((again) => {
      if (again) window.reload()
    })
  })
  window.on('unresponsive', () => {
    const { windowHangs, safe, openAgain, wait } = labels()
    const options: MessageBoxOptions = {
      type: 'warning',
      message: windowHangs,
      detail: safe,
      buttons: [openAgain, wait],
    }
    void ask({ ...options, defaultId: 1, cancelId: 1 }).then((again) => {
      // A page that hangs hears no reload.
      if (!again) return
      endedByForce = true
      window.webContents.forcefullyCrashRenderer()
    })
  })
}

/** The core's thread ended by itself: says what is safe and starts the program again. */
export function careForCore(
  core: Pick<CoreThread, 'onCrash'>,
  app: Pick<App, 'relaunch' | 'exit'>,
  { dialog, labels }: CarePieces,
): void {
  core.onCrash((error) => {
    const { hasStopped, safe, startAgain, close } = labels()
    const options: MessageBoxOptions = {
      type: 'error',
      message: hasStopped,
      // The name of what stopped it, for a report; its text may hold anything.
      detail: `${safe}\n\n${error.name}`,
      buttons: [startAgain, close],
      defaultId: 0,
      cancelId: 1,
    }
    void dialog
      .showMessageBox(options)
      .then(({ response }) => {
        if (response === 0) app.relaunch()
      })
      .finally(() => app.exit(1))
  })
}
