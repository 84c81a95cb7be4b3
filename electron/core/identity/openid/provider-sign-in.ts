import { fail, OfficeError } from '../../../../shared/contract/result.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import type { SignInProvider } from '../../../../shared/model/sign-in-provider.ts'
import type { OfficeTime } from '../../clock/office-time.ts'
import type { Sessions } from '../sessions.ts'
import { allProviders } from '../signed-change.ts'
import { isTrustedProvider } from '../trust.ts'
import { apply, askForLink, findApplicantOf, findOfficerOf, isOfficerSubject } from './applicants.ts'
import type { PageLanguage } from './arrival-page.ts'
import { type LoopbackListener, listenForAnswer } from './loopback-listener.ts'
import { authorizationUrl, newChallenge, type Proof, type ProvenIdentity, proveIdentity } from './prove-identity.ts'
import { type OpenedProvider, openProvider, type ProviderParts } from './provider-client.ts'
import { type DeedSubject, StepUps } from './step-up.ts'

/** What somebody goes to the provider for. */
export type Purpose =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'link'; readonly officer: Officer }
  | { readonly kind: 'step-up'; readonly officer: Officer; readonly subject: DeedSubject }
  /** A registrant at this officer's table; what they showed goes to `shown` and nowhere else. */
  | { readonly kind: 'registrant'; readonly officer: Officer; readonly shown: (proof: Proof) => void }

/** What came of it. */
export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly officer: Officer }
  /** Nobody here is known by that: the provider's name for them, to be corrected. */
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'link-asked' }
  | { readonly kind: 'stepped-up' }
  /** What the registrant showed waits for the officer; nothing of it stands here. */
  | { readonly kind: 'registrant-shown' }

interface Attempt {
  readonly id: string
  readonly client: string
  readonly outcome: Promise<SignInOutcome>
  readonly abort: AbortController
  /** Set once somebody unknown here has proven who they are. */
  proven: ProvenIdentity | undefined
  /** Calls off that it is forgotten. */
  keep: () => void
}

export interface ProviderSignInParts extends Omit<ProviderParts, 'now'> {
  readonly sessions: Sessions
  readonly time: OfficeTime
}

/** e-Signet forgets a page after five minutes. */
const LIMIT = 5 * 60_000
/** So long may somebody who is not known yet take to write a name and choose a PIN. */
const APPLY_LIMIT = 15 * 60_000

/** Signing in at a provider: one attempt for each window at a time, nothing of it kept beyond the window. */
export class ProviderSignIn {
  readonly stepUps: StepUps
  readonly #parts: ProviderSignInParts
  readonly #attempts = new Map<string, Attempt>()
  readonly #offered = new Set<(url: string) => void>()
  readonly #stopFollowing: () => void

  constructor(parts: ProviderSignInParts) {
    this.#parts = parts
    this.stepUps = new StepUps(
      parts.store,
      () => parts.http.line.isUp(),
      () => parts.time.elapsed(),
    )
    // Whoever goes, or is sent, takes what was proven along.
    this.#stopFollowing = parts.sessions.onChange((client) => {
      if (parts.sessions.find(client) === undefined) this.stepUps.forget(client)
    })
  }

  /** Called with each address that the officer's browser is meant to open. */
  onOffered(listener: (url: string) => void): void {
    this.#offered.add(listener)
  }

  /** Providers by which officers can sign in here, or registrants show who they are. */
  async usable(serves: Served = 'officers'): Promise<{ readonly id: string; readonly name: string }[]> {
    const { store } = this.#parts
    const active = allProviders(store).filter((one) => one.state === 'active' && servedBy(one) === serves)
    const trusted = await Promise.all(active.map((provider) => isTrustedProvider(store, provider)))
    return active.filter((_, index) => trusted[index]).map(({ id, name }) => ({ id, name }))
  }

  /**
   * Gets ready for somebody to go to the provider: where the browser has to go, and the listener for its return. An earlier
   * attempt of the same window ends.
   *
   * @throws OfficeError `sign-in.*`, `http.*`
   */
  async begin(
    client: string,
    providerId: string,
    purpose: Purpose,
    language: PageLanguage,
  ): Promise<{ readonly attemptId: string; readonly url: string; readonly seconds: number }> {
    this.cancel(client)
    const { store, http, time } = this.#parts
    const provider = store.find('signInProvider', providerId)
    if (provider === undefined || provider.removed || provider.state !== 'active') return fail('sign-in.provider-gone')
    // One client for officers, another for registrants: what the one is given opens nothing of the other.
    const serves = purpose.kind === 'registrant' ? 'registrants' : 'officers'
    if (servedBy(provider) !== serves) fail('sign-in.other-purpose')
    if (!(await isTrustedProvider(store, provider))) fail('sign-in.provider-untrusted')
    const abort = new AbortController()
    const opened = await openProvider({ store, http, now: time.now }, provider, abort.signal)
    // The browser may still know somebody else: whoever was there before is not who sits there now.
    const fresh = purpose.kind === 'step-up' || purpose.kind === 'registrant'
    const challenge = newChallenge(opened, fresh, time.now())
    const listener = await listenForAnswer(provider.ports, challenge.state, language)
    const { redirectUri } = listener
    const url = await authorizationUrl(opened, challenge, { redirectUri, language }).catch((error: unknown) => {
      listener.close()
      throw error
    })
    // Two at once from one window: the later one stands.
    this.cancel(client)
    const proving = this.#prove(opened, challenge, listener, abort.signal)
    const attempt: Attempt = {
      id: newId(),
      client,
      outcome: proving.then((proof) => this.#conclude(attempt, purpose, proof)),
      abort,
      proven: undefined,
      keep: () => undefined,
    }
    // Nobody may be waiting when it fails.
    attempt.outcome.catch(() => undefined)
    this.#attempts.set(client, attempt)
    for (const listen of this.#offered) listen(url)
    return { attemptId: attempt.id, url, seconds: LIMIT / 1_000 }
  }

  /** What came of an attempt, once it is over. @throws OfficeError `sign-in.*`, `http.*` */
  finish(client: string, attemptId: string): Promise<SignInOutcome> {
    return this.#attemptOf(client, attemptId).outcome
  }

  cancel(client: string): void {
    const attempt = this.#attempts.get(client)
    this.#attempts.delete(client)
    attempt?.keep()
    attempt?.abort.abort()
  }

  /**
   * Somebody who was unknown asks to become an officer.
   *
   * @throws OfficeError `sign-in.attempt-gone` and those of `apply`
   */
  async apply(
    client: string,
    attemptId: string,
    input: { readonly name: string; readonly pin: string },
  ): Promise<void> {
    const { proven } = this.#attemptOf(client, attemptId)
    if (proven === undefined) return fail('sign-in.attempt-gone')
    await apply(this.#parts.store, proven, input)
    this.cancel(client)
  }

  close(): void {
    this.#stopFollowing()
    for (const client of [...this.#attempts.keys()]) this.cancel(client)
  }

  #attemptOf(client: string, attemptId: string): Attempt {
    const attempt = this.#attempts.get(client)
    return attempt?.id === attemptId ? attempt : fail('sign-in.attempt-gone')
  }

  async #prove(
    opened: OpenedProvider,
    challenge: ReturnType<typeof newChallenge>,
    listener: LoopbackListener,
    signal: AbortSignal,
  ): Promise<Proof> {
    const ended = Promise.withResolvers<never>()
    const cancelled = (): void => ended.reject(faulty('sign-in.cancelled'))
    if (signal.aborted) cancelled()
    signal.addEventListener('abort', cancelled, { once: true })
    const callOff = this.#parts.time.after(LIMIT, () => ended.reject(faulty('sign-in.timed-out')))
    try {
      const came = await Promise.race([listener.arrived, ended.promise])
      const proven = await Promise.race([proveIdentity(opened, challenge, came), ended.promise])
      return proven
    } finally {
      callOff()
      signal.removeEventListener('abort', cancelled)
      listener.close()
    }
  }

  async #conclude(attempt: Attempt, purpose: Purpose, proof: Proof): Promise<SignInOutcome> {
    const { store, sessions, time } = this.#parts
    const { client } = attempt
    const { identity } = proof
    if (purpose.kind === 'registrant') {
      this.#mustStillBe(client, purpose.officer)
      if (isOfficerSubject(store, identity)) fail('person-check.is-officer')
      purpose.shown(proof)
      return { kind: 'registrant-shown' }
    }
    if (purpose.kind === 'link') {
      this.#mustStillBe(client, purpose.officer)
      askForLink(store, identity, purpose.officer)
      return { kind: 'link-asked' }
    }
    const officer = findOfficerOf(store, identity)
    if (purpose.kind === 'step-up') {
      this.#mustStillBe(client, purpose.officer)
      if (officer?.id !== purpose.officer.id) fail('sign-in.other-officer')
      this.stepUps.note(client, purpose.officer.id, purpose.subject)
      return { kind: 'stepped-up' }
    }
    if (officer !== undefined) {
      return { kind: 'signed-in', officer: sessions.signInProven(client, officer.id, identity) }
    }
    if (findApplicantOf(store, identity) !== undefined) fail('sign-in.waits')
    attempt.proven = identity
    attempt.keep = time.after(APPLY_LIMIT, () => {
      attempt.proven = undefined
    })
    return { kind: 'unknown', name: identity.name }
  }

  /** Meanwhile somebody else may have taken the window. */
  #mustStillBe(client: string, officer: Officer): void {
    if (this.#parts.sessions.find(client)?.id !== officer.id) fail('api.signed-out')
  }
}

type Served = NonNullable<SignInProvider['serves']>

const servedBy = ({ serves = 'officers' }: Pick<SignInProvider, 'serves'>): Served => serves

const faulty = (code: 'sign-in.cancelled' | 'sign-in.timed-out'): OfficeError => new OfficeError({ code, params: {} })
