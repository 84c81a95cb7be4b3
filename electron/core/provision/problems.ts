import { fail } from '../../../shared/contract/result.ts'

/** What is wrong with a provisioning file, and where in it. */
export interface Problem {
  /** `officers[0].signature`; begins with `secrets` for the file of secrets. */
  readonly path: string
  /** A code of the catalogue, or what the schema asked for. */
  readonly problem: string
}

/** @throws OfficeError `provision.invalid` with all problems */
export function refuseProvision(problems: readonly Problem[]): never {
  const [first] = problems
  return fail('provision.invalid', {
    path: first?.path ?? '',
    problem: first?.problem ?? '',
    count: problems.length,
    details: problems.map(({ path, problem }) => `${path}: ${problem}`).join('\n'),
  })
}
