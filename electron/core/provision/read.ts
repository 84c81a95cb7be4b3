import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { type Problem, refuseProvision } from './problems.ts'
import { ProvisionFile, ProvisionSecrets } from './provision-file.ts'

/** A provisioning that has the right form; signatures and references are checked against the office later. */
export interface Provision {
  readonly file: ProvisionFile
  readonly secrets: ProvisionSecrets
}

export interface ProvisionSource {
  readonly provisionFile?: string
  readonly provisionSecretsFile?: string
}

/** Secrets for machines that hand them over in the environment rather than in a file: the same JSON. */
const ENVIRONMENT = 'G2P_FIELD_OFFICE_SECRETS'

/**
 * Reads the files that the door was given.
 *
 * @returns undefined when it was given none
 * @throws OfficeError `provision.not-readable`, `provision.not-json`, `provision.invalid`
 */
export function readProvision(
  { provisionFile, provisionSecretsFile }: ProvisionSource,
  environment: NodeJS.ProcessEnv = process.env,
): Provision | undefined {
  if (provisionFile === undefined) return undefined
  const file = shaped(ProvisionFile, json(text(provisionFile, 'settings'), 'settings'), '')
  const secretsText =
    provisionSecretsFile === undefined ? environment[ENVIRONMENT] : text(provisionSecretsFile, 'secrets')
  const secrets = shaped(
    ProvisionSecrets,
    secretsText === undefined || secretsText === '' ? {} : json(secretsText, 'secrets'),
    'secrets',
  )
  return { file, secrets }
}

type Which = 'settings' | 'secrets'

function text(file: string, which: Which): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    return fail('provision.not-readable', { context: which }, error)
  }
}

function json(content: string, which: Which): unknown {
  try {
    return JSON.parse(content)
  } catch (error) {
    // What stands in a file of secrets is not repeated, not even around the fault.
    const problem = which === 'settings' && error instanceof Error ? error.message : ''
    return fail('provision.not-json', { context: which, problem })
  }
}

function shaped<S extends z.ZodType>(schema: S, content: unknown, root: string): z.infer<S> {
  const parsed = schema.safeParse(content)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path, message }): Problem => ({ path: pathText(root, path), problem: message }),
  )
  return refuseProvision(problems)
}

/** `officers[0].signature`, as people write a place in a JSON file. */
export const pathText = (root: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (before, piece) =>
      typeof piece === 'number' ? `${before}[${piece}]` : before === '' ? String(piece) : `${before}.${String(piece)}`,
    root,
  )
