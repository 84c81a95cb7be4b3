import type { App, Dialog, MessageBoxOptions } from 'electron'
import type { CoreThread } from '../core/core-thread-handle.ts'
import type { Labels } from './labels.ts'

export interface QuitPieces {
  readonly app: Pick<App, 'on' | 'quit'>
  readonly core: Pick<CoreThread, 'onWork' | 'close'>
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly labels: () => Labels
}

/** How the office ends: asked about while payments go out, and never before what runs has ended and the store is closed. */
export interface Quitting {
  /** Closes the office without a question, does something, and ends the program. */
  after(work: () => Promise<void>): Promise<void>
}

export function closeCoreBeforeQuit({ app, core, dialog, labels }: QuitPieces): Quitting {
  let sending = 0
  let stage: 'open' | 'asking' | 'closing' | 'closed' = 'open'
  core.onWork((work) => {
    sending = work.sending
  })
  app.on('before-quit', (event) => {
    if (stage === 'closed') return
    event.preventDefault()
    if (stage === 'open') void quit()
  })

  async function quit(): Promise<void> {
    if (sending > 0) {
      stage = 'asking'
      const answer = await dialog.showMessageBox(question(labels())).catch(() => ({ response: stay }))
      stage = 'open'
      if (answer.response === stay) return
    }
    await close()
    app.quit()
  }

  async function close(): Promise<void> {
    stage = 'closing'
    // A core that could not be closed in order has lost nothing that was committed.
    await core.close().catch((error: unknown) => console.error(error instanceof Error ? error.name : 'not closed'))
    stage = 'closed'
  }

  return {
    async after(work) {
      await close()
      try {
        await work()
      } finally {
        app.quit()
      }
    },
  }
}

const stay = 0

const question = ({ stillSending, stillSendingDetail, keepOpen, closeAnyway }: Labels): MessageBoxOptions => ({
  type: 'question',
  message: stillSending,
  detail: stillSendingDetail,
  buttons: [keepOpen, closeAnyway],
  defaultId: stay,
  cancelId: stay,
})
