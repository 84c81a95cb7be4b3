import type { Protocol } from 'electron'
import type { ScreenFiles } from '../core/doors/screen-files.ts'
import { isOfficeAddress, officeScheme } from './office-origin.ts'

/** Must run before the app is ready. */
export function registerOfficeScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: officeScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Hands out the built screens, with the same policy as the other door, and nothing else. */
export function serveOfficeScheme(protocol: Pick<Protocol, 'handle'>, files: ScreenFiles): void {
  protocol.handle(officeScheme, async (request) => {
    if (request.method !== 'GET' || !isOfficeAddress(request.url)) return new Response(null, { status: 403 })
    const file = await files.find(new URL(request.url).pathname)
    if (file === undefined) return new Response(null, { status: 404 })
    return new Response(new Uint8Array(file.body), { headers: { ...file.headers } })
  })
}
