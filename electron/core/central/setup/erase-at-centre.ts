import { z } from 'zod'
import type { Submission } from '../../../../shared/model/batch.ts'
import type { Payment } from '../../../../shared/model/payment.ts'
import type { Moment } from '../../../../shared/model/record.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { emptiedDelivery, emptiedTransmission, erasedForm, type IsErased } from '../../../../shared/rules/erasure.ts'
import type { CentralServer } from './server.ts'

/*
 * Offices write the tombstones of people who were erased, and take them out of what changes. What is written once they cannot change
 * at the centre, by its own rules: that is done here, with the rights of an administrator of the server and by the same forms.
 */

export interface ErasedAtCentre {
  /** People who were erased. */
  readonly people: number
  /** Documents out of which they were taken now. */
  readonly documents: number
  /** Versions that lost against a tombstone and were taken out. */
  readonly versions: number
}

const PAGE = 500
const ENDED: ReadonlySet<string> = new Set(['paid', 'rejected', 'reversed', 'cancelled'])

type Document = Readonly<Record<string, unknown>> & { readonly _id: string; readonly _rev: string }
const Listed = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      doc: z.looseObject({ _id: z.string(), _rev: z.string(), _conflicts: z.array(z.string()).optional() }),
    }),
  ),
})
const Written = z.array(z.object({ id: z.string(), error: z.string().optional() }))

const quoted = (text: string): string => encodeURIComponent(JSON.stringify(text))

/** Every document of a kind, page by page. */
export async function* documentsOf(server: CentralServer, records: string, kind: string): AsyncGenerator<Document[]> {
  for (let after = `${kind}:`, skip = 0; ; skip = 1) {
    const range = `startkey=${quoted(after)}&endkey=${quoted(`${kind};`)}&skip=${skip}&limit=${PAGE}`
    const path = `/${records}/_all_docs?include_docs=true&conflicts=true&${range}`
    const rows = (await server.find(records, path, Listed))?.rows ?? []
    if (rows.length > 0) yield rows.map(({ doc }) => doc as Document)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE) return
    after = last.id
  }
}

interface Person {
  readonly at: Moment
  /** Nobody was entered under the record since. */
  readonly gone: boolean
}

/** Takes people who were erased out of what is written once. Can be done at any time, as often as anybody likes. */
export async function eraseAtCentre(server: CentralServer, records: string): Promise<ErasedAtCentre> {
  const people = new Map<string, Person>()
  let versions = 0
  for await (const page of documentsOf(server, records, 'registrant')) {
    for (const document of page) {
      const { id, erasedAt, removed } = document as unknown as Registrant
      if (erasedAt === undefined) continue
      people.set(id, { at: erasedAt, gone: removed })
      versions += await purgeLosers(server, records, document)
    }
  }
  if (people.size === 0) return { people: 0, documents: 0, versions }
  const isOld = (person: string, changedAt: Moment): boolean => {
    const { at, gone } = people.get(person) ?? { at: '', gone: false }
    return gone || changedAt <= at
  }
  let documents = 0
  const write = async (changed: readonly object[]): Promise<void> => {
    if (changed.length === 0) return
    const request = { method: 'POST', path: `/${records}/_bulk_docs`, body: { docs: changed } } as const
    const answer = Written.safeParse(await server.ask(records, request, [201, 202]))
    documents += answer.success ? answer.data.filter(({ error }) => error === undefined).length : 0
  }

  const payments = new Map<string, Moment>()
  const openBatches = new Set<string>()
  for await (const page of documentsOf(server, records, 'payment')) {
    for (const document of page) {
      const { id, registrantId, payeeId, state, batchId, erasedAt } = document as unknown as Payment
      if (!ENDED.has(state)) openBatches.add(batchId)
      const known = people.get(payeeId) ?? people.get(registrantId)
      if (known !== undefined && erasedAt !== undefined) payments.set(id, known.at)
      if (erasedAt !== undefined) versions += await purgeLosers(server, records, document)
    }
  }

  const heads = new Map<string, Document & Pick<Submission, 'id' | 'batchId' | 'changedAt' | 'erasedAt'>>()
  const batches = new Map<string, Moment>()
  for await (const page of documentsOf(server, records, 'submission')) {
    for (const document of page) {
      if (!document._id.includes(':lines:')) heads.set(document._id, document as never)
    }
  }
  for await (const page of documentsOf(server, records, 'submission')) {
    const changed: object[] = []
    for (const document of page) {
      const head = heads.get(document._id.slice(0, Math.max(0, document._id.indexOf(':lines:'))))
      if (head === undefined) continue
      const isErased: IsErased = (person) => people.has(person) && isOld(person, head.changedAt)
      const { lines } = document as unknown as Pick<Submission, 'lines'>
      const named = lines.filter(({ payeeId, registrantId }) => isErased(payeeId) || isErased(registrantId))
      if (named.length === 0) continue
      const at = named
        .flatMap((line) => [line.payeeId, line.registrantId].flatMap((id) => people.get(id)?.at ?? []))
        .sort()
        .at(-1) as Moment
      batches.set(head.batchId, at)
      const { erasedAt, ...form } = erasedForm('submission', document as never, at, isErased)
      if (JSON.stringify(form.lines) !== JSON.stringify(lines)) changed.push(form)
    }
    await write(changed)
  }
  for (const head of heads.values()) {
    const at = batches.get(head.batchId)
    if (at !== undefined && head.erasedAt === undefined) await write([{ ...head, _conflicts: undefined, erasedAt: at }])
  }

  for (const kind of ['transmission', 'delivery'] as const) {
    const form = kind === 'transmission' ? emptiedTransmission : emptiedDelivery
    for await (const page of documentsOf(server, records, kind)) {
      await write(
        page.flatMap((document) => {
          const batchId = String(document.batchId)
          const at = batches.get(batchId)
          if (at === undefined || openBatches.has(batchId) || document.erasedAt !== undefined) return []
          return [form(document as never, at)]
        }),
      )
    }
  }
  for (const kind of ['observation', 'collection'] as const) {
    for await (const page of documentsOf(server, records, kind)) {
      await write(
        page.flatMap((document) => {
          const at = payments.get(String(document.paymentId))
          return at === undefined || document.erasedAt !== undefined ? [] : [erasedForm(kind, document as never, at)]
        }),
      )
    }
  }
  return { people: people.size, documents, versions }
}

const Leaves = z.array(z.object({ ok: z.object({ _rev: z.string(), erasedAt: z.string().optional() }).optional() }))
const Purged = z.object({ purged: z.record(z.string(), z.array(z.string())) })

/** Versions that did not know of the erasure; one that did is left to the offices. */
async function purgeLosers(server: CentralServer, records: string, document: Document): Promise<number> {
  const losing = (document._conflicts as string[] | undefined) ?? []
  if (losing.length === 0) return 0
  const path = `/${records}/${encodeURIComponent(document._id)}?open_revs=${encodeURIComponent(JSON.stringify(losing))}`
  const leaves = (await server.find(document._id, path, Leaves)) ?? []
  const standing = String(document.erasedAt)
  const older = leaves.flatMap(({ ok }) => (ok !== undefined && (ok.erasedAt ?? '') < standing ? [ok._rev] : []))
  if (older.length === 0) return 0
  const request = { method: 'POST', path: `/${records}/_purge`, body: { [document._id]: older } } as const
  const answer = Purged.safeParse(await server.ask(records, request, [200, 201]))
  return answer.success ? Object.values(answer.data.purged).reduce((sum, { length }) => sum + length, 0) : 0
}
