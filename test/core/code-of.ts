import { OfficeError } from '../../shared/contract/result.ts'

/** The code that work fails with; undefined when it does not fail. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return codeIn(error)
  }
}

/** As {@link codeOf}, of work that takes its time. */
export const codeOfRejected = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(() => undefined, codeIn)

const codeIn = (error: unknown): string => (error instanceof OfficeError ? error.fault.code : String(error))
