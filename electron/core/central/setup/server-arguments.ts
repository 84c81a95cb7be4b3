import { readFileSync } from 'node:fs'
import { fail } from '../../../../shared/contract/result.ts'
import { ArgumentError, readPassphrase } from '../../doors/office-arguments.ts'

/** The address of a server as whoever asks types it. @throws OfficeError `central-setup.url-*` */
export function serverAddress(address: string): string {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) return fail('central-setup.url-invalid')
  if (url.username !== '' || url.password !== '') fail('central-setup.url-with-credentials')
  if (url.search !== '' || url.hash !== '') fail('central-setup.url-invalid')
  return url.href.replace(/\/+$/, '')
}

/** `name:password`; the environment when no descriptor was named. Never the command line, which others can read. @throws OfficeError `central-setup.no-credentials` */
export function credentials(descriptor: string | undefined): { readonly user: string; readonly password: string } {
  if (descriptor !== undefined && !/^\d{1,4}$/.test(descriptor))
    throw new ArgumentError('--credentials-fd needs a number')
  const given =
    descriptor === undefined
      ? (process.env.COUCHDB_ADMIN ?? '')
      : readPassphrase(Number(descriptor), '--credentials-fd')
  const colon = given.indexOf(':')
  if (colon < 1 || colon === given.length - 1) return fail('central-setup.no-credentials')
  return { user: given.slice(0, colon), password: given.slice(colon + 1) }
}

/** @throws ArgumentError when it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ArgumentError('a file cannot be read', { cause: error })
  }
}
