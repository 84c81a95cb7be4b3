import type { App, Dialog, Session, Shell } from 'electron'
import { isAllowedLink } from './external-links.ts'
import type { Labels } from './labels.ts'
import { isOfficeAddress } from './office-origin.ts'

export interface HardenPieces {
  readonly app: Pick<App, 'enableSandbox' | 'on'>
  readonly shell: Pick<Shell, 'openExternal'>
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly labels: () => Labels
  /** Whether the core meant the officer's browser to open this very address. */
  readonly isOffered: (address: string) => boolean
}

/** Rules for every window that ever exists, set before the first one does. */
export function hardenApp({ app, shell, dialog, labels, isOffered }: HardenPieces): void {
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
      if (isOffered(url)) void leaveFor(url)
      else if (isAllowedLink(url)) void offerLink(url)
      return { action: 'deny' }
    })
  })

  const leaveFor = (url: string): Promise<void> => shell.openExternal(url)

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
    if (response === 1) await leaveFor(url)
  }
}

/**
 * The screens may put a copied text on the clipboard, and look through the camera for a voucher's code; every other
 * permission and every device is refused, the microphone too.
 */
function isAllowed(permission: string, details: object): boolean {
  if (permission === 'clipboard-sanitized-write') return true
  const wanted = devicesIn(details)
  return permission === 'media' && wanted.length > 0 && wanted.every((device) => device === 'video')
}

/** Electron names one of camera and microphone in a check, and all that are wanted in a request. */
function devicesIn(details: object): readonly unknown[] {
  if ('mediaTypes' in details && Array.isArray(details.mediaTypes)) return details.mediaTypes
  return 'mediaType' in details ? [details.mediaType] : []
}

type SessionPieces = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setSpellCheckerEnabled'
  | 'webRequest'
>

/** No other permission, no device, no word to the outside: the window only ever loads the office's own files. */
export function hardenSession(session: SessionPieces): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(isAllowed(permission, details) && isOfficeAddress(details.requestingUrl))
  })
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) => isAllowed(permission, details) && isOfficeAddress(origin),
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
