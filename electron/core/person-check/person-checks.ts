import type { PersonCheckStanding, PersonCheckView } from '../../../shared/contract/person-check.ts'
import { fail } from '../../../shared/contract/result.ts'
import { consentId, newId } from '../../../shared/model/ids.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { SignInProvider } from '../../../shared/model/sign-in-provider.ts'
import type { Consent } from '../../../shared/model/tokenisation.ts'
import {
  type CheckedField,
  type ConsentedFacts,
  claimFields,
  consentedFacts,
} from '../../../shared/rules/person-check/consented-facts.ts'
import type { OfficeTime } from '../clock/office-time.ts'
import { today } from '../clock/today.ts'
import type { Http } from '../http/http.ts'
import type { PageLanguage } from '../identity/openid/arrival-page.ts'
import type { Proof } from '../identity/openid/prove-identity.ts'
import type { ProviderSignIn } from '../identity/openid/provider-sign-in.ts'
import type { Sessions } from '../identity/sessions.ts'
import { refuseHalfImported } from '../registry/half-imported.ts'
import { acceptFact } from '../registry/proposed-facts.ts'
import type { Store } from '../store/store.ts'
import { noteDuplicates } from '../tokenisation/duplicates.ts'
import { comparedFacts, doubtsAbout, keepSubject, othersWith, type ShownPerson } from './compare.ts'

export interface PersonCheckParts {
  readonly store: Store
  readonly http: Http
  readonly sessions: Sessions
  readonly signIn: ProviderSignIn
  readonly time: OfficeTime
}

/** What a registrant showed, until the officer has decided. In memory only. */
interface Pending {
  readonly id: string
  readonly officerId: string
  readonly registrantId: string
  readonly person: ShownPerson
  readonly said: ConsentedFacts
  /** Epoch milliseconds. */
  readonly until: number
  /** Calls off that it is forgotten. */
  readonly keep: () => void
}

/** What an officer decides about what a registrant showed. */
export interface CheckVerdict {
  readonly checkId: string
  /** `changedAt` of the record as the officer saw it. */
  readonly basedOn: string
  /** Whether it is the person of the record. */
  readonly verdict: 'same' | 'another'
  readonly take: readonly { readonly field: CheckedField; readonly value: string }[]
  /** The officer saw what stands against it. */
  readonly sure: boolean
}

/** How long a decision may take; what the registrant showed is forgotten then. */
const HOLD = 10 * 60_000
export const CONSENT_PURPOSE = 'person-check'

/**
 * Registrants show who they are at an officer's table, by a provider that serves registrants. What they let it say stands in memory
 * beside the record until the officer has decided, and then nowhere but where the officer took it.
 */
export class PersonChecks {
  readonly #parts: PersonCheckParts
  readonly #pending = new Map<string, Pending>()
  readonly #stopFollowing: () => void

  constructor(parts: PersonCheckParts) {
    this.#parts = parts
    this.#stopFollowing = parts.sessions.onChange((client) => {
      const pending = this.#pending.get(client)
      if (pending !== undefined && parts.sessions.find(client)?.id !== pending.officerId) this.drop(client)
    })
  }

  /**
   * Gets ready for a registrant to go to the provider.
   *
   * @throws OfficeError `person-check.*`, `registry.*`, and those of `ProviderSignIn.begin`
   */
  async begin(
    client: string,
    officer: Officer,
    input: {
      readonly registrantId: string
      readonly providerId: string
      readonly language: PageLanguage
    },
  ): ReturnType<ProviderSignIn['begin']> {
    const { store, http, signIn } = this.#parts
    const { registrantId, providerId, language } = input
    this.drop(client)
    const registrant = store.get('registrant', registrantId)
    if (registrant.removed) fail('registry.is-removed')
    refuseHalfImported((text) => store.sql(text), registrant)
    if (registrant.kind !== 'individual') fail('person-check.not-a-person')
    const provider = store.get('signInProvider', providerId)
    if (!http.line.isUp()) fail('person-check.no-line', { name: provider.name })
    const shown = (proof: Proof): void => this.#note(client, officer, registrantId, provider, proof)
    return signIn.begin(client, providerId, { kind: 'registrant', officer, shown }, language)
  }

  /** What was shown, beside the record as it is now. @throws OfficeError `person-check.over` */
  view(client: string, registrantId: string): PersonCheckView {
    const { store } = this.#parts
    const pending = this.#pending.get(client)
    if (pending === undefined || pending.registrantId !== registrantId) return fail('person-check.over')
    const { id, person, said, until } = pending
    const registrant = store.get('registrant', registrantId)
    const facts = comparedFacts(registrant, said)
    const spoken = new Set<CheckedField>([...facts.map(({ field }) => field), ...said.unread])
    return {
      id,
      registrantId,
      provider: person.provider.name,
      basedOn: registrant.changedAt,
      until,
      facts,
      withheld: person.asked.filter((field) => !spoken.has(field)),
      unread: said.unread,
      doubts: doubtsAbout(store, registrant, person, said),
      others: othersWith(store, registrantId, person),
    }
  }

  /**
   * Ends a check. Of somebody else nothing is kept; of the person of the record the subject, the consent, and the facts that the
   * officer takes over. Whoever signed in as another registrant before is noted as a likely duplicate, and the subject stays there.
   *
   * @throws OfficeError `person-check.over`, `person-check.not-sure`, `store.changed-meanwhile`, `registry.*`
   */
  decide(client: string, officer: Officer, { checkId, basedOn, verdict, take, sure }: CheckVerdict): void {
    const { store, time } = this.#parts
    const pending = this.#pending.get(client)
    const isTheirs = pending?.id === checkId && pending.officerId === officer.id
    const { registrantId, person, said } = isTheirs ? pending : fail('person-check.over')
    store.transaction(officer.id, (transaction) => {
      const registrant = transaction.get('registrant', registrantId)
      const doubts = doubtsAbout(transaction, registrant, person, said)
      const subject = { subjectKind: 'registrant', subjectId: registrantId } as const
      const by = { provider: person.provider.id, doubts }
      if (verdict === 'another') {
        transaction.audit({ action: 'registrant.check-another', ...subject, detail: by })
        return
      }
      if (registrant.changedAt !== basedOn) fail('store.changed-meanwhile')
      if (doubts.length > 0 && !sure) fail('person-check.not-sure')
      for (const { field, value } of take) {
        // Only what the person let be said, whatever a window sends.
        if (!said.facts.some((fact) => fact.field === field && fact.value === value)) fail('person-check.over')
        acceptFact(transaction, registrantId, field, value)
      }
      const { subjectType: tokenType, subject: token } = person
      if (othersWith(transaction, registrantId, person).length === 0) keepSubject(transaction, registrantId, person)
      else noteDuplicates(transaction, tokenType, new Map([[registrantId, token]]), time.now())
      const scope = [...new Set([...said.facts.map(({ field }) => field), ...said.unread])]
      transaction.put('consent', {
        id: consentId(registrantId, CONSENT_PURPOSE),
        removed: false,
        registrantId,
        purpose: CONSENT_PURPOSE,
        given: true,
        on: today(new Date(time.now())),
        how: 'provider',
        note: person.provider.name,
        scope,
      })
      const taken = [...new Set(take.map(({ field }) => field))]
      transaction.audit({ action: 'registrant.checked', ...subject, detail: { ...by, scope, taken } })
    })
    this.#forget(client)
  }

  /** Forgets what was shown at a window; nothing came of it. */
  drop(client: string): void {
    const pending = this.#pending.get(client)
    if (pending === undefined) return
    this.#forget(client)
    this.#parts.store.transaction(pending.officerId, (transaction) =>
      transaction.audit({
        action: 'registrant.check-dropped',
        subjectKind: 'registrant',
        subjectId: pending.registrantId,
        detail: { provider: pending.person.provider.id },
      }),
    )
  }

  /** When the registrant was last checked; undefined where that never was. */
  findStanding(registrantId: string): PersonCheckStanding | undefined {
    const consent = this.#parts.store.find('consent', consentId(registrantId, CONSENT_PURPOSE)) as Consent | undefined
    if (consent === undefined || consent.removed || !consent.given) return undefined
    return { on: consent.on, provider: consent.note, scope: consent.scope ?? [] }
  }

  close(): void {
    this.#stopFollowing()
    for (const client of [...this.#pending.keys()]) this.drop(client)
  }

  #note(
    client: string,
    officer: Officer,
    registrantId: string,
    provider: SignInProvider,
    { identity, claims }: Proof,
  ): void {
    const { time } = this.#parts
    const { issuer, subject } = identity
    this.drop(client)
    this.#pending.set(client, {
      id: newId(),
      officerId: officer.id,
      registrantId,
      person: {
        provider: { id: provider.id, name: provider.name },
        issuer,
        subject,
        subjectType: provider.subjectType ?? '',
        asked: provider.claims.flatMap((claim) =>
          Object.hasOwn(claimFields, claim) ? [claimFields[claim]] : [],
        ) as CheckedField[],
      },
      said: consentedFacts(claims, today(new Date(time.now()))),
      until: time.now() + HOLD,
      keep: time.after(HOLD, () => this.drop(client)),
    })
  }

  #forget(client: string): void {
    this.#pending.get(client)?.keep()
    this.#pending.delete(client)
  }
}
