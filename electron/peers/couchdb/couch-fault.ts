/** What CouchDB answers when it does not do what was asked: a status and its two words. */
export class CouchFault extends Error {
  readonly status: number
  readonly error: string
  readonly reason: string

  constructor(status: number, error: string, reason: string) {
    super(`${error}: ${reason}`)
    this.status = status
    this.error = error
    this.reason = reason
  }
}

export const badRequest = (reason: string): CouchFault => new CouchFault(400, 'bad_request', reason)
export const conflict = (): CouchFault => new CouchFault(409, 'conflict', 'Document update conflict.')
export const missing = (reason: 'missing' | 'deleted' = 'missing'): CouchFault =>
  new CouchFault(404, 'not_found', reason)
export const unauthorized = (reason: string): CouchFault => new CouchFault(401, 'unauthorized', reason)
export const forbidden = (reason: string): CouchFault => new CouchFault(403, 'forbidden', reason)
export const methodNotAllowed = (allowed: string): CouchFault =>
  new CouchFault(405, 'method_not_allowed', `Only ${allowed} allowed`)
