/** What Central answers when it does not do what was asked. */
export class CentralError extends Error {
  readonly status: number
  readonly code: number
  readonly details: object | undefined

  constructor(code: number, message: string, details?: object) {
    super(message)
    this.status = Math.floor(code)
    this.code = code
    this.details = details
  }
}

export const notFound = (): CentralError => new CentralError(404.1, 'Could not find the resource you were looking for.')
export const noRight = (): CentralError =>
  new CentralError(403.1, 'The authentication you provided does not have rights to perform that action.')
export const wrongCredentials = (): CentralError =>
  new CentralError(401.2, 'Could not authenticate with the provided credentials.')
