import type { MenuItemConstructorOptions } from 'electron'
import type { Labels } from './labels.ts'

/** The menu is made of the system's own roles, which Electron translates, and a few words of ours. */
export function menuTemplate(
  labels: Labels,
  platform: NodeJS.Platform,
  quit: () => void,
): readonly MenuItemConstructorOptions[] {
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: labels.file,
      submenu: [
        {
          label: labels.print,
          accelerator: 'CmdOrCtrl+P',
          click: (_item, window) => {
            if (window !== undefined && 'webContents' in window) (window as Electron.BrowserWindow).webContents.print()
          },
        },
        { type: 'separator' },
        { role: 'close' },
        { label: labels.closeOffice, accelerator: 'CmdOrCtrl+Q', click: quit },
      ],
    },
    { role: 'editMenu', label: labels.edit },
    {
      label: labels.view,
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ]
}
