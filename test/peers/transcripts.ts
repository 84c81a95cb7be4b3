import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, test } from 'vitest'

/*
 * Recorded exchanges with real servers: the folders `specs/mts` and `specs/odk` beside the repository, or beside the one that
 * `G2P_SPECS` names. They are not part of this repository, so that tests that need them say why when they are left out.
 */

const folder =
  process.env.G2P_SPECS === undefined ? resolve('..', 'shared', 'specs') : dirname(resolve(process.env.G2P_SPECS))

export type Json = Readonly<Record<string, unknown>>

/** What was asked. */
export interface AskedThen {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** What was answered: `json`, or `text` where it was none. */
export interface AnsweredThen {
  readonly status: number
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>> | null
  readonly json?: unknown
  readonly text?: string
}

/** One recorded exchange. */
export interface Exchange {
  readonly name: string
  readonly request: AskedThen
  readonly response: AnsweredThen
  readonly note?: string
  readonly finalStatus?: AnsweredThen
  readonly file?: AnsweredThen
  readonly callbacksReceived?: readonly (AskedThen & { readonly json?: unknown; readonly text?: string })[]
  readonly idaAnswers?: Readonly<Record<string, string>>
}

/** The recordings of one file, or none where they are not there. */
function recordings(file: `${'mts' | 'odk'}/${string}`): readonly Exchange[] {
  const path = join(folder, file)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Exchange[]) : []
}

/** A published document, or undefined where it is not there. */
export function published(file: `${'mts' | 'odk'}/${string}`): unknown {
  const path = join(folder, file)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** Tests against the recordings of one file; where they are not there, one test that is left out and says so. */
export function describeRecordings(
  file: `${'mts' | 'odk'}/${string}`,
  tests: (exchanges: readonly Exchange[]) => void,
): void {
  const exchanges = recordings(file)
  describe(`recorded in ${file}`, () => {
    if (exchanges.length > 0) tests(exchanges)
    else
      test.skip(`everything (left out: ${file} is not there: set G2P_SPECS to a copy of the published specifications)`)
  })
}
