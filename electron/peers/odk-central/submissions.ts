import { notFound } from './central-error.ts'
import type { CentralForm, SubmissionDraft } from './peer-options.ts'

/** One submission as it is now. */
export interface Submission {
  readonly form: CentralForm
  readonly id: string
  readonly submissionDate: string
  /** In the order of arrival. */
  readonly position: number
  /** When it can be seen, milliseconds since 1970. */
  readonly visibleAt: number
  instanceId: string
  data: Readonly<Record<string, unknown>>
  updatedAt: string | null
  deletedAt: string | null
  reviewState: string | null
  edits: number
}

/** What was submitted to all forms. */
export class Submissions {
  readonly #all = new Map<string, Submission>()

  get size(): number {
    return this.#all.size
  }

  list(): readonly Submission[] {
    return [...this.#all.values()]
  }

  /** Of one form: what can be seen now, newest first. */
  ofForm(form: CentralForm): readonly Submission[] {
    const now = Date.now()
    return this.list()
      .filter((one) => one.form === form && one.visibleAt <= now)
      .sort((one, other) =>
        one.submissionDate === other.submissionDate
          ? other.position - one.position
          : one.submissionDate < other.submissionDate
            ? 1
            : -1,
      )
  }

  add(form: CentralForm, { id, instanceId, data, at, visibleAfter }: SubmissionDraft): void {
    this.#all.set(key(form, id), {
      form,
      id,
      instanceId: instanceId ?? id,
      data,
      submissionDate: at ?? new Date().toISOString(),
      position: this.#all.size,
      visibleAt: Date.now() + visibleAfter,
      updatedAt: null,
      deletedAt: null,
      reviewState: null,
      edits: 0,
    })
  }

  /** @throws CentralError 404 */
  get(form: CentralForm, id: string): Submission {
    const found = this.#all.get(key(form, id))
    if (found === undefined) throw notFound()
    return found
  }
}

const key = (form: CentralForm, id: string): string => `${form.project}/${form.xmlFormId}/${id}`
