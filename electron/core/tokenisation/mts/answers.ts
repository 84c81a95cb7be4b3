import { parseJson } from '../../http/json.ts'

/** What the seeder says of one person, as the office's own part of the program puts it. */
export interface Answer {
  readonly ref: string
  readonly status: string
  /** Null and empty are no token. */
  readonly token: string | null
  readonly vid: string | null
  readonly errorCode: string
  readonly errorMessage: string
  /** What the connector's own format made of it. */
  readonly out: unknown
}

export interface Answers {
  readonly answers: readonly Answer[]
  /** Empty bodies, nulls and what names nobody. */
  readonly unusable: number
  /** Not one of them is in the form that was asked for, but in the seeder's own: it knows no output formats (MTS 1.0). */
  readonly formatIgnored: boolean
}

/** What MTS says of a person where no output format was given. */
const OWN_FORM = ['vid', 'status', 'token', 'errorCode', 'errorMessage']

const isOwnForm = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && OWN_FORM.every((key) => Object.hasOwn(value, key))

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function findAnswer(value: unknown): Answer | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const said = value as Readonly<Record<string, unknown>>
  if (typeof said.g2pRef !== 'string' || said.g2pRef === '') return undefined
  const { vid } = said
  return {
    ref: said.g2pRef,
    status: text(said.status),
    token: text(said.token).trim() === '' ? null : text(said.token).trim(),
    // A VID that is no text cannot be the one that was sent.
    vid: vid === null || vid === undefined ? null : typeof vid === 'string' ? vid : JSON.stringify(vid),
    errorCode: text(said.errorCode),
    errorMessage: text(said.errorMessage),
    out: said.out ?? null,
  }
}

/** One answer, several, or nothing, as a file or the body of a call has them. */
export function readAnswers(body: Uint8Array, contentType: string): Answers {
  const parts = /^multipart\/form-data/i.test(contentType) ? multipart(body, contentType) : [body]
  const answers: Answer[] = []
  let unusable = 0
  let ownForm = 0
  for (const part of parts) {
    const parsed = part.byteLength === 0 ? undefined : parseJson(part, '')
    const values = parsed?.ok ? (Array.isArray(parsed.value) ? parsed.value : [parsed.value]) : [null]
    for (const value of values) {
      const answer = findAnswer(value)
      if (answer !== undefined) {
        answers.push(answer)
        continue
      }
      unusable += 1
      if (isOwnForm(value)) ownForm += 1
    }
  }
  return { answers, unusable, formatIgnored: answers.length === 0 && ownForm > 0 }
}

/** Bodies of the parts of a form; one empty body where it cannot be taken apart. */
function multipart(body: Uint8Array, contentType: string): Uint8Array[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (boundary === null) return [new Uint8Array()]
  const all = Buffer.from(body).toString('latin1')
  const parts = all
    .split(`--${boundary[1] ?? boundary[2]}`)
    .slice(1, -1)
    .map((part) => part.slice(part.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, ''))
  return parts.length === 0 ? [new Uint8Array()] : parts.map((part) => Buffer.from(part, 'latin1'))
}
