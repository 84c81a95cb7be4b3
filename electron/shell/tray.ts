import type { Menu, MenuItemConstructorOptions, Tray } from 'electron'
import type { Labels } from './labels.ts'

/** The office goes on sending behind a closed window; the tray says so and is the way back. */
export function keepInTray(
  createTray: () => Pick<Tray, 'setToolTip' | 'setContextMenu' | 'on'>,
  buildMenu: (template: MenuItemConstructorOptions[]) => Menu,
  name: string,
  labels: Labels,
  actions: { readonly show: () => void; readonly quit: () => void },
): void {
  const tray = createTray()
  tray.setToolTip(name)
  tray.setContextMenu(
    buildMenu([
      { label: labels.openOffice, click: actions.show },
      { type: 'separator' },
      { label: labels.closeOffice, click: actions.quit },
    ]),
  )
  tray.on('click', actions.show)
}
