import { OfficeError } from '../../shared/contract/result.ts'

/** The code that work fails with; undefined when it does not fail. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof OfficeError ? error.fault.code : String(error)
  }
}
