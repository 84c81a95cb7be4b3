import { z } from 'zod'
import type { Fault } from '../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import type { Answered, HttpAnswer } from '../../http/exchange-types.ts'
import { jsonOf } from '../../http/json.ts'
import type { LookUpOutcome, SentMessage } from '../channel.ts'
import { fileName } from './files.ts'
import { readTransfer, type Transfer } from './transfer.ts'
import { hubFault } from './upload-reply.ts'

/** Why a question was not answered. */
export type NotAnswered = Extract<LookUpOutcome, { kind: 'put-off' | 'failed' }>

/** Asks the operations app, below its base address. */
export type Ask = (path: string) => Promise<HttpAnswer>

const Words = z.union([z.string(), z.number()]).nullish()
const KnownBatch = z.looseObject({
  batchId: Words,
  requestId: Words,
  correlationId: Words,
  requestFile: Words,
  startedAt: Words,
})
const BatchList = z.looseObject({ totalBatches: z.number().nullish(), data: z.array(z.unknown()).nullish() })
const DetailPage = z.looseObject({
  content: z.array(z.unknown()),
  totalElements: z.number().nullish(),
  totalPages: z.number().nullish(),
  last: z.boolean().nullish(),
})

export const baseOf = ({ statusEndpointUrl }: Pick<PaymentManager, 'statusEndpointUrl'>): string =>
  statusEndpointUrl.replace(/\/+$/, '')

const BATCHES = 200
const MOST_BATCH_PAGES = 100
/** As many as a file has: usually all of it is one page. */
const ROWS = 1_000
const MOST_ROW_PAGES = 20
const PASSES = 3
/** Their clock and ours may be apart by so much, milliseconds. */
const CLOCKS_APART = 3 * 24 * 3_600_000

const failed = (fault: Fault, slowDown = false): NotAnswered => ({ kind: 'failed', fault, slowDown })

/** The answer when there is one to read; else why not. */
function answeredOf(answer: HttpAnswer): Answered | NotAnswered {
  if (answer.outcome === 'never-sent') {
    const { fault, retryAt } = answer
    return retryAt === null ? failed(fault) : { kind: 'put-off', fault, retryAt }
  }
  if (answer.outcome === 'maybe-sent') return failed(answer.fault)
  const { status } = answer
  if (status === 401 || status === 403) return failed(hubFault('channel.sign-in-refused', answer))
  if (status === 429) return failed(hubFault('channel.too-many-requests', answer), true)
  if (status >= 500) return failed(hubFault('channel.server-error', answer, { status }))
  if (status >= 300 && status < 400) return failed(hubFault('http.redirect-refused', answer))
  if (status >= 400 && status !== 404) {
    return failed(hubFault('channel.request-refused', answer, { code: `http.${status}` }))
  }
  return answer
}

export const isNotAnswered = (value: object): value is NotAnswered =>
  'kind' in value && (value.kind === 'put-off' || value.kind === 'failed')

/** One page of the newest batches. */
export async function newestBatches(
  ask: Ask,
  page: number,
  limit: number,
): Promise<{ readonly total: number; readonly batches: readonly unknown[] } | NotAnswered> {
  const answer = answeredOf(await ask(`/batches?offset=${page * limit}&limit=${limit}&sort=-startedAt`))
  if (isNotAnswered(answer)) return answer
  if (answer.status === 404) return failed(hubFault('channel.request-refused', answer, { code: 'http.404' }))
  const json = jsonOf(answer)
  if (!json.ok) return failed(json.error)
  const list = BatchList.safeParse(json.value)
  if (!list.success || list.data.totalBatches == null) {
    return failed(hubFault('channel.reply-not-understood', answer))
  }
  return { total: list.data.totalBatches, batches: list.data.data ?? [] }
}

const timeOf = (value: string | number | null | undefined): number => {
  if (typeof value === 'number') return value
  const text = value ?? ''
  return /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text)
}

/**
 * The batches that came of a message: by our own id of it, or by the name of its file. The list has no filter for either, so
 * it is read from its newest end until all of it was read, or nothing older can be of the message.
 */
export async function findBatches(
  ask: Ask,
  message: Pick<SentMessage, 'messageId' | 'madeAt'>,
): Promise<{ readonly ids: readonly string[] } | NotAnswered> {
  const { messageId, madeAt } = message
  const name = fileName(messageId)
  const ids = new Set<string>()
  let previous = Number.POSITIVE_INFINITY
  let isSorted = true
  let read = 0
  for (let page = 0; page < MOST_BATCH_PAGES; page += 1) {
    const list = await newestBatches(ask, page, BATCHES)
    if (isNotAnswered(list)) return list
    for (const item of list.batches) {
      const batch = KnownBatch.safeParse(item)
      if (!batch.success) return failed({ code: 'channel.reply-not-understood', params: { host: '' } })
      const { batchId, correlationId, requestId, requestFile, startedAt } = batch.data
      const isOurs = [correlationId, requestId].includes(messageId) || String(requestFile ?? '').includes(name)
      if (isOurs && batchId != null && batchId !== '') ids.add(String(batchId))
      const began = timeOf(startedAt)
      // A batch without a time, or out of order: nothing can be said of what comes after it.
      if (!(began <= previous)) isSorted = false
      previous = began
    }
    read += list.batches.length
    const isPast = isSorted && madeAt !== null && previous < madeAt - CLOCKS_APART
    if (list.batches.length === 0 || read >= list.total || isPast) return { ids: [...ids] }
  }
  // Not all could be read, so that nothing is known to be absent.
  return ids.size > 0 ? { ids: [...ids] } : failed({ code: 'channel.too-many-batches', params: {} })
}

/**
 * Every row of a batch. Pages have no order, so that rows may come twice and others not at all; while some are missing all of
 * them are read again, a few times. A batch that the operations app does not know yet has none.
 */
export async function rowsOf(ask: Ask, batchId: string): Promise<readonly Transfer[] | NotAnswered> {
  const rows: Transfer[] = []
  for (let pass = 0; pass < PASSES; pass += 1) {
    const read = await readPages(ask, batchId)
    if (isNotAnswered(read)) return read
    rows.push(...read.rows)
    const seen = new Set(
      rows.map(({ workflowInstanceKey, clientCorrelationId }) => workflowInstanceKey || clientCorrelationId),
    )
    if (read.pages < 2 || seen.size >= read.total) break
  }
  return rows
}

async function readPages(
  ask: Ask,
  batchId: string,
): Promise<{ readonly rows: readonly Transfer[]; readonly pages: number; readonly total: number } | NotAnswered> {
  const rows: Transfer[] = []
  let total = 0
  for (let page = 0; page < MOST_ROW_PAGES; page += 1) {
    const path = `/batch/detail?batchId=${encodeURIComponent(batchId)}&status=ALL&pageNo=${page}&pageSize=${ROWS}`
    const answer = answeredOf(await ask(path))
    if (isNotAnswered(answer)) return answer
    if (answer.status === 404) return { rows, pages: page, total }
    const json = jsonOf(answer)
    if (!json.ok) return failed(json.error)
    const detail = DetailPage.safeParse(json.value)
    if (!detail.success) return failed(hubFault('channel.reply-not-understood', answer))
    const { content, last, totalElements, totalPages } = detail.data
    total = totalElements ?? total
    rows.push(...content.flatMap((item) => readTransfer(item) ?? []))
    if (content.length === 0 || last === true || page + 1 >= (totalPages ?? Number.POSITIVE_INFINITY)) {
      return { rows, pages: page + 1, total }
    }
  }
  return { rows, pages: MOST_ROW_PAGES, total }
}
