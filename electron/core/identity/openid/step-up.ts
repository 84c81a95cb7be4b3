import { createHash } from 'node:crypto'
import { fail } from '../../../../shared/contract/result.ts'
import type { Deed } from '../../../../shared/contract/sign-in.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import type { Store } from '../../store/store.ts'
import { findProviderOf } from './online-limit.ts'

/** One deed, about these records and no others. */
export interface DeedSubject {
  readonly deed: Deed
  readonly ids: readonly string[]
}

/** What a procedure says of the deed that it does: which fields of its input name what it is about. */
export interface DeedOf {
  readonly deed: Deed
  readonly about: readonly [string, ...string[]]
  /** It is such a deed only with this in its input: who sends something back moves nothing. */
  readonly only?: Readonly<Record<string, string>>
}

const MINUTE = 60_000

/** Which setting asks for it, and for how long a proof of presence waits for its deed. */
const rules: Readonly<
  Record<Deed, { readonly from: Exclude<SignInProvider['stepUp'], 'never'>; readonly goodFor: number }>
> = {
  approve: { from: 'approving', goodFor: 5 * MINUTE },
  // What is said here ends payments, or lets them be made anew.
  settle: { from: 'approving', goodFor: 5 * MINUTE },
  send: { from: 'approving-and-sending', goodFor: 5 * MINUTE },
  'hand-over': { from: 'approving-and-sending', goodFor: 5 * MINUTE },
  // Once for a table and a day of paying out.
  tick: { from: 'approving-and-sending', goodFor: 12 * 60 * MINUTE },
}

/** One tick follows the other, and each counts only by the second officer's word, which settles. */
const isTick = (deed: Deed): boolean => deed === 'tick'

/** What a call is about; undefined where it is no deed that wants a fresh sign-in. */
export function findSubject({ deed, about, only = {} }: DeedOf, input: unknown): DeedSubject | undefined {
  const fields = (typeof input === 'object' && input !== null ? input : {}) as Readonly<Record<string, unknown>>
  if (Object.entries(only).some(([field, value]) => fields[field] !== value)) return undefined
  return { deed, ids: about.flatMap((field) => idsIn(fields[field])) }
}

/** Names as they are; a list of anything else by its digest. */
function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  return [digestOf(value ?? null)]
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url')

const MOST_PROOFS = 50

interface Proof {
  readonly client: string
  readonly officerId: string
  readonly subject: string
  readonly until: number
}

/** Which deeds want a fresh sign-in at the provider, and the proofs of those. In memory only. */
export class StepUps {
  readonly #store: Store
  readonly #isLineUp: () => boolean
  readonly #elapsed: () => number
  #proofs: Proof[] = []

  constructor(store: Store, isLineUp: () => boolean, elapsed: () => number) {
    this.#store = store
    this.#isLineUp = isLineUp
    this.#elapsed = elapsed
  }

  /** The provider that wants to see this officer before such a deed. */
  findWanted(officer: Pick<Officer, 'signIn'>, deed: Deed): SignInProvider | undefined {
    const provider = findProviderOf(this.#store, officer)
    if (provider === undefined || provider.stepUp === 'never') return undefined
    return rules[deed].from === 'approving' || provider.stepUp === 'approving-and-sending' ? provider : undefined
  }

  note(client: string, officerId: string, subject: DeedSubject): void {
    const until = this.#elapsed() + rules[subject.deed].goodFor
    this.#proofs = [...this.#fresh(), { client, officerId, subject: nameOf(subject), until }].slice(-MOST_PROOFS)
  }

  /**
   * Lets a deed begin that may want a fresh sign-in, and uses that up.
   *
   * @returns gives the proof back, for a deed of which nothing came
   * @throws OfficeError `sign-in.step-up-needed`, `sign-in.step-up-no-line`
   */
  take(client: string, officer: Officer, subject: DeedSubject): () => void {
    const nothing = (): void => undefined
    const provider = this.findWanted(officer, subject.deed)
    if (provider === undefined) return nothing
    const proof = this.#fresh().find(
      (one) => one.client === client && one.officerId === officer.id && one.subject === nameOf(subject),
    )
    if (proof === undefined) {
      const { deed, ids } = subject
      if (this.#isLineUp()) fail('sign-in.step-up-needed', { name: provider.name, deed, ids: ids.join(' ') })
      // A village without a line is paid all the same: its ticks wait for the second officer anyway.
      if (provider.stepUpOffline === 'refused' && !isTick(deed)) {
        fail('sign-in.step-up-no-line', { name: provider.name })
      }
      return nothing
    }
    if (isTick(subject.deed)) return nothing
    this.#proofs = this.#proofs.filter((one) => one !== proof)
    return () => void this.#proofs.push(proof)
  }

  forget(client: string): void {
    this.#proofs = this.#proofs.filter((one) => one.client !== client)
  }

  #fresh(): Proof[] {
    const now = this.#elapsed()
    return this.#proofs.filter(({ until }) => until > now)
  }
}

const nameOf = ({ deed, ids }: DeedSubject): string => digestOf([deed, ...[...ids].sort()])
