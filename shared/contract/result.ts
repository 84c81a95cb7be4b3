import type { ErrorCode } from './errors.ts'

/** A fault as it crosses a boundary: a code of the catalogue and what its sentence needs. Never personal data. */
export interface Fault {
  readonly code: ErrorCode
  readonly params: Readonly<Record<string, string | number>>
}

/** An answer is a value, never an exception, across every boundary. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Fault }

export const success = <T>(value: T): Result<T> => ({ ok: true, value })
export const failure = (code: ErrorCode, params: Fault['params'] = {}): Result<never> => ({
  ok: false,
  error: { code, params },
})

/** How a fault travels inside the core, where a transaction must be unwound; the boundary turns it into a value. */
export class OfficeError extends Error {
  override readonly name = 'OfficeError'
  readonly fault: Fault

  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.code, options)
    this.fault = fault
  }
}

/** @throws OfficeError with a code of the catalogue. */
export function fail(code: ErrorCode, params: Fault['params'] = {}, cause?: unknown): never {
  throw new OfficeError({ code, params }, cause === undefined ? undefined : { cause })
}
