import { createHash } from 'node:crypto'
import { fail } from '../../../../shared/contract/result.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import type { Store } from '../../store/store.ts'
import { findProviderOf } from './online-limit.ts'

/** What an officer shows up at the provider for once more. */
export const deeds = ['approve', 'send'] as const
export type Deed = (typeof deeds)[number]

/** One deed, about these records and no others. */
export interface DeedSubject {
  readonly deed: Deed
  readonly ids: readonly string[]
}

/** How long a proof of presence waits for its deed. */
const GOOD_FOR = 5 * 60_000
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
    return deed === 'approve' || provider.stepUp === 'approving-and-sending' ? provider : undefined
  }

  note(client: string, officerId: string, subject: DeedSubject): void {
    const until = this.#elapsed() + GOOD_FOR
    this.#proofs = [...this.#fresh(), { client, officerId, subject: nameOf(subject), until }].slice(-MOST_PROOFS)
  }

  /**
   * Does a deed that may want a fresh sign-in, and uses that up once it is done.
   *
   * @throws OfficeError `sign-in.step-up-needed`, `sign-in.step-up-no-line`, and whatever the deed throws
   */
  async guard<T>(client: string, officer: Officer, subject: DeedSubject, does: () => T | Promise<T>): Promise<T> {
    const provider = this.findWanted(officer, subject.deed)
    if (provider === undefined) return does()
    const proof = this.#fresh().find(
      (one) => one.client === client && one.officerId === officer.id && one.subject === nameOf(subject),
    )
    if (proof === undefined) {
      if (this.#isLineUp()) {
        const { deed, ids } = subject
        fail('sign-in.step-up-needed', { name: provider.name, deed, ids: ids.join(' ') })
      }
      if (provider.stepUpOffline === 'refused') fail('sign-in.step-up-no-line', { name: provider.name })
      return does()
    }
    // Taken away before the deed, which can take its time, and given back when nothing came of it.
    this.#proofs = this.#proofs.filter((one) => one !== proof)
    try {
      return await does()
    } catch (error) {
      this.#proofs.push(proof)
      throw error
    }
  }

  forget(client: string): void {
    this.#proofs = this.#proofs.filter((one) => one.client !== client)
  }

  #fresh(): Proof[] {
    const now = this.#elapsed()
    return this.#proofs.filter(({ until }) => until > now)
  }
}

const nameOf = ({ deed, ids }: DeedSubject): string =>
  createHash('sha256')
    .update(JSON.stringify([deed, ...[...ids].sort()]))
    .digest('base64')
