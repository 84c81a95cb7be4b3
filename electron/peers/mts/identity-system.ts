import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Somebody whom the ID system knows. */
export const KnownPerson = z.object({
  /** Any text that is theirs alone. The token is theirs, whichever of their VIDs was asked with. */
  person: z.string().min(1),
  vids: z.array(z.string()),
  /** Compared with what is sent where it is given. */
  name: z.string().optional(),
  gender: z.string().optional(),
  /** `YYYY/MM/DD`. */
  dob: z.string().optional(),
})
export type KnownPerson = z.infer<typeof KnownPerson>

/** What the ID system answers about one VID, told beforehand. */
export const ToldAnswer = z.union([
  z.object({ token: z.string().min(1) }),
  z.object({ errors: z.array(z.object({ code: z.string(), message: z.string() })) }),
  /** Nobody listens there; an answer that is no JSON; neither a token nor an error. */
  z.enum(['unreachable', 'unreadable', 'nothing']),
])
export type ToldAnswer = z.infer<typeof ToldAnswer>

/** What is sent to the ID system about one person. */
export interface Demographics {
  readonly vid: string
  readonly name: string
  readonly gender: string
  readonly dob: string
  readonly phoneNumber: string | null
  readonly emailId: string | null
  readonly fullAddress: string
}

/** What MTS makes of the ID system's answer. */
export interface IdAnswer {
  readonly token: string | null
  readonly errorCode: string | null
  readonly errorMessage: string | null
}

/** The token of a person for a partner, 43 characters: nothing can be told from it but that two are the same. */
export const tokenOf = (person: string, partner: string): string =>
  createHash('sha3-256')
    .update(person + partner)
    .digest('base64url')

/** The ID system behind MTS: who each VID belongs to. */
export class IdentitySystem {
  readonly #partner: string
  /** Whether VIDs of nobody it knows have a person of their own; otherwise they are refused. */
  readonly #takesStrangers: boolean
  readonly #byVid = new Map<string, KnownPerson>()
  readonly #told = new Map<string, ToldAnswer>()
  readonly #given = new Map<string, { readonly person: string; readonly token: string }>()

  constructor(partner: string, takesStrangers: boolean) {
    this.#partner = partner
    this.#takesStrangers = takesStrangers
  }

  know(people: readonly KnownPerson[]): void {
    for (const person of people) for (const vid of person.vids) this.#byVid.set(vid, person)
  }

  tell(answers: Readonly<Record<string, ToldAnswer>>): void {
    for (const [vid, answer] of Object.entries(answers)) this.#told.set(vid, answer)
  }

  /** Every person who was given a token, in the order of the first time. */
  given(): readonly { readonly person: string; readonly token: string }[] {
    return [...this.#given.values()]
  }

  /** Whether what it answers about a VID is no JSON. */
  isUnreadable(vid: string): boolean {
    return this.#told.get(vid) === 'unreadable'
  }

  ask(asked: Demographics, lang: string): IdAnswer {
    const told = this.#told.get(asked.vid)
    if (told !== undefined) return this.#toldAnswer(asked.vid, told)
    const known = this.#byVid.get(asked.vid)
    if (known === undefined && !this.#takesStrangers) {
      return refused([{ code: 'IDA-MLC-018', message: 'VID is not available in the database' }])
    }
    const wrong = known === undefined ? [] : mismatches(known, asked, lang)
    if (wrong.length > 0) return refused(wrong.map((message) => ({ code: 'IDA-DEA-001', message })))
    const person = known?.person ?? asked.vid
    return this.#give(person, tokenOf(person, this.#partner))
  }

  #toldAnswer(vid: string, told: ToldAnswer): IdAnswer {
    if (typeof told === 'object') {
      return 'token' in told ? this.#give(this.#byVid.get(vid)?.person ?? vid, told.token) : refused(told.errors)
    }
    switch (told) {
      case 'unreachable':
        return UNREACHABLE
      case 'unreadable':
        return { token: null, errorCode: 'ATS-REQ-100', errorMessage: 'Unknown exception' }
      case 'nothing':
        return { token: null, errorCode: 'ATS-REQ-100', errorMessage: null }
    }
  }

  #give(person: string, token: string): IdAnswer {
    if (!this.#given.has(person)) this.#given.set(person, { person, token })
    return { token, errorCode: null, errorMessage: null }
  }
}

/** What MTS says when nobody listens at the ID system. */
export const UNREACHABLE: IdAnswer = {
  token: null,
  errorCode: 'AUT_BAS_001',
  errorMessage: 'Not Able to process auth request.',
}

/** One error keeps its own code, several are joined under another. */
function refused(errors: readonly { readonly code: string; readonly message: string }[]): IdAnswer {
  const [first] = errors
  if (first === undefined) return { token: null, errorCode: 'ATS-REQ-100', errorMessage: null }
  if (errors.length === 1) return { token: null, errorCode: first.code, errorMessage: first.message }
  const joined = errors.map(({ code, message }) => `${code}::${message}`).join(',')
  return { token: null, errorCode: 'ATS-REQ-103', errorMessage: joined }
}

function mismatches(known: KnownPerson, asked: Demographics, lang: string): string[] {
  const differs = (mine: string | undefined, theirs: string): boolean =>
    mine !== undefined && mine.toLowerCase() !== theirs.toLowerCase()
  return [
    ...(differs(known.name, asked.name) ? [`Demographic data name in ${lang} did not match`] : []),
    ...(differs(known.gender, asked.gender) ? [`Demographic data gender in ${lang} did not match`] : []),
    ...(differs(known.dob, asked.dob) ? ['Demographic data dob did not match'] : []),
  ]
}
