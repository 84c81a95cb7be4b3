import type { Session } from 'electron'
import { isOfficeAddress } from './office-origin.ts'

/** A file that the screens made is saved where the officer says; nothing else is ever downloaded. */
export function guardDownloads(session: Pick<Session, 'on'>): void {
  session.on('will-download', (event, item) => {
    const address = item.getURL()
    if (!address.startsWith('blob:') || !isOfficeAddress(address.slice('blob:'.length))) {
      event.preventDefault()
      return
    }
    item.setSaveDialogOptions({ defaultPath: safeFileName(item.getFilename()) })
  })
}

/** No folders, no control characters, nothing that turns the reading direction to hide the ending. */
export function safeFileName(name: string): string {
  const clean = name
    .replace(/[\p{C}<>:"/\\|?*]/gu, '_')
    .replace(/^\.+/, '')
    .trim()
  return clean === '' ? 'export' : clean.slice(0, 120)
}
