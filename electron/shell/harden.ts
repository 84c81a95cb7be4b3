import type { App, Dialog, Session, Shell } from 'electron'
import { isAllowedLink } from './external-links.ts'
import type { Labels } from './labels.ts'
import { isOfficeAddress } from './office-origin.ts'

export interface HardenPieces {
  readonly app: Pick<App, 'enableSandbox' | 'on'>
  readonly shell: Pick<Shell, 'openExternal'>
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly labels: () => Labels
}

/** Rules for every window that ever exists, set before the first one does. */
export function hardenApp({ app, shell, dialog, labels }: HardenPieces): void {
  app.enableSandbox()
  // Electron refuses a bad certificate by itself; this keeps it so whatever else listens.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault()
    callback(false)
  })
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-navigate', (event) => {
      if (!isOfficeAddress(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isOfficeAddress(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault()
    })
    contents.setWindowOpenHandler(({ url }) => {
      if (isAllowedLink(url)) void offerLink(url)
      return { action: 'deny' }
    })
  })

  async function offerLink(url: string): Promise<void> {
    const { openLink, cancel, leaveOffice } = labels()
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: leaveOffice,
      detail: url,
      buttons: [cancel, openLink],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 1) await shell.openExternal(url)
  }
}

/** The screens may put a copied text on the clipboard; every other permission and every device is refused. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

type SessionPieces = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setSpellCheckerEnabled'
  | 'webRequest'
>

/** No permission, no device, no word to the outside: the window only ever loads the office's own files. */
export function hardenSession(session: SessionPieces): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(allowedPermissions.has(permission) && isOfficeAddress(details.requestingUrl))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => allowedPermissions.has(permission) && isOfficeAddress(origin),
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}))
  // The spelling checker would fetch dictionaries and see names.
  session.setSpellCheckerEnabled(false)
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayLoad(details.url) }))
}

/** `blob:` addresses carry the origin that made them: a file that the officer saves. */
const mayLoad = (address: string): boolean =>
  isOfficeAddress(address) || (address.startsWith('blob:') && isOfficeAddress(address.slice('blob:'.length)))
