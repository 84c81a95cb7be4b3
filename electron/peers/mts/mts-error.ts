/** What MTS answers when it does not do what was asked. */
export class MtsError extends Error {
  readonly status: number
  readonly errors: readonly { readonly errorCode: string; readonly errorMessage: string | null }[]

  constructor(status: number, errorCode: string, ...messages: readonly string[]) {
    super(`${errorCode}: ${messages.join('; ')}`)
    this.status = status
    this.errors = messages.map((errorMessage) => ({ errorCode, errorMessage }))
  }
}

/** Not in the form that the service declares. */
export const unprocessable = (...messages: readonly string[]): MtsError =>
  new MtsError(422, 'ATS-REQ-102', ...messages.map((message) => `Invalid Input. ${message}`))
/** In that form, and still not to be done. */
export const invalid = (message: string): MtsError => new MtsError(400, 'ATS-REQ-102', `invalid input. ${message}`)
/** Something that the service did not reckon with. */
export const crashed = (message: string): MtsError => new MtsError(500, 'ATS-REQ-100', message)
