import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

/*
 * The published specifications: the folder `specs/g2p-connect` beside the repository, or where `G2P_SPECS` says. They are not
 * part of this repository, so that tests that need them say why when they are skipped.
 */

const folder = process.env.G2P_SPECS ?? resolve('..', 'shared', 'specs', 'g2p-connect')

export const specificationFiles = {
  standard: 'release/yaml/disburse_core_api_v1.0.0.yaml',
  cashTransferBridge: 'related/openg2p-g2p-cash-transfer-bridge/openapi.json',
  g2pBridge: 'related/openg2p-g2p-bridge/openapi.json',
} as const

/** Why a published specification cannot be tested against; empty when it can. */
export const missing = (file: string): string =>
  existsSync(join(folder, file)) ? '' : `${file} is not there: set G2P_SPECS to a copy of the published specifications`

/** A change to a published document that it needs before anything valid can pass, and why. */
export interface Patch {
  readonly op: 'replace' | 'remove'
  /** JSON pointer (RFC 6901). */
  readonly path: string
  readonly value?: unknown
  readonly because: string
}

type Tree = Record<string, unknown>

/** @throws Error when a pointer leads nowhere: the published document is not the one that the patch was written for */
function apply(document: Tree, { op, path, value }: Patch): void {
  const steps = path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = steps.pop() ?? ''
  let place = document
  for (const step of steps) place = (place[step] ?? {}) as Tree
  if (!(last in place)) throw new Error(`the overlay names what is not there: ${path}`)
  if (op === 'remove') delete place[last]
  else place[last] = value
}

/** Checks request bodies against an OpenAPI document. */
export class Specification {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor(file: string, overlay: readonly Patch[] = []) {
    const document = parse(readFileSync(join(folder, file), 'utf8')) as Tree
    for (const patch of overlay) apply(document, patch)
    addFormats.default(this.#ajv)
    this.#ajv.addSchema(document, 'document')
  }

  /** What is wrong with a body posted to a path; empty when nothing is. */
  faults(path: string, body: unknown): string[] {
    let validate = this.#validators.get(path)
    if (validate === undefined) {
      const pointer = `/paths/${path.replaceAll('/', '~1')}/post/requestBody/content/application~1json/schema`
      validate = this.#ajv.compile({ $ref: `document#${pointer}` })
      this.#validators.set(path, validate)
    }
    validate(body)
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}
