import type { Menu, MenuItemConstructorOptions, Tray } from 'electron'
import type { CoreThread } from '../core/core-thread-handle.ts'
import type { WorkUnderWay } from '../core/scheduler/scheduler.ts'
import type { Labels } from './labels.ts'

/** The office goes on sending behind a closed window; the tray says what runs and is the way back. */
export function keepInTray(
  createTray: () => Pick<Tray, 'setToolTip' | 'setContextMenu' | 'on'>,
  buildMenu: (template: MenuItemConstructorOptions[]) => Menu,
  core: Pick<CoreThread, 'onWork'>,
  name: string,
  labels: Labels,
  actions: { readonly show: () => void; readonly quit: () => void },
): void {
  const tray = createTray()
  let said = ''
  const say = (work: WorkUnderWay): void => {
    const words = wordsOf(work, labels)
    // Jobs begin and end many times a second in a large batch; a menu that is built anew closes under the pointer.
    if (words === said) return
    said = words
    tray.setToolTip(`${name} – ${words}`)
    tray.setContextMenu(
      buildMenu([
        { label: words, enabled: false },
        { type: 'separator' },
        { label: labels.openOffice, click: actions.show },
        { type: 'separator' },
        { label: labels.closeOffice, click: actions.quit },
      ]),
    )
  }
  say({ sending: 0, other: 0 })
  core.onWork(say)
  tray.on('click', actions.show)
}

const wordsOf = ({ sending, other }: WorkUnderWay, labels: Labels): string => {
  if (sending > 0) return labels.paymentsGoOut
  return other > 0 ? labels.workGoesOn : labels.nothingRuns
}
