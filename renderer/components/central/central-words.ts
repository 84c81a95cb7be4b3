import type { TFunction } from 'i18next'
import type { CentralOverview, SyncResult, UnsentRecords } from '../../../shared/contract/central.ts'
import { faultSentence } from '../../i18n/fault-sentence.ts'
import type { Format } from '../../i18n/format.ts'
import type { Tone } from '../../state/connectivity.ts'

/** How the office and its central server stand, in one sentence with what it needs. */
export interface CentralSentence {
  readonly tone: Tone
  readonly words: string
}

/** Things that are not at the server yet; a batch counts as one. */
export const totalOf = ({ batches, people, others }: UnsentRecords): number => batches + people + others

/** `3 batches, 41 people and 7 other records`. */
export function unsentWords(t: TFunction<'central'>, format: Format, counts: UnsentRecords): string {
  const total = totalOf(counts)
  return format.list(
    (['batches', 'people', 'others'] as const)
      .filter((name) => counts[name] > 0)
      .map((name) => {
        const count = counts[name]
        const isAll = name === 'others' && count === total
        return t(isAll ? 'central:counts.records' : `central:counts.${name}`, { count, number: format.number(count) })
      }),
  )
}

/**
 * The one thing to know now: what stops the office, how far the first fill is, what is not at the server yet, or that all is
 * there. Undefined where the office works alone.
 *
 * @param training in the training office, whose central server is its own
 */
export function centralSentence(
  t: TFunction<'central'>,
  format: Format,
  { status, unsent, waiting }: CentralOverview,
  training = false,
): CentralSentence | undefined {
  if (!status.configured) return undefined
  const [stopped] = status.stopped
  if (stopped !== undefined) {
    return { tone: 'bad', words: t('central:chip.stopped', { sentence: faultSentence(t, stopped) }) }
  }
  const { firstFill, lastContactAt, fault } = status
  if (firstFill !== null) {
    const done = format.number(firstFill.done)
    return { tone: 'waiting', words: t('central:chip.fill', { done, total: format.number(firstFill.total) }) }
  }
  if (unsent !== null && totalOf(unsent) > 0) {
    const records = unsentWords(t, format, unsent)
    const words =
      unsent.oldestAt === null
        ? t('central:chip.unsent', { records })
        : t('central:chip.unsentSince', { records, when: format.ago(unsent.oldestAt) })
    return { tone: 'waiting', words }
  }
  if (waiting.refused > 0) return { tone: 'bad', words: t('central:attention.refusals', { count: waiting.refused }) }
  if (lastContactAt === null) return { tone: fault === null ? 'waiting' : 'bad', words: t('central:chip.neverReached') }
  if (unsent === null) return { tone: 'waiting', words: t('central:chip.counting') }
  const when = format.ago(lastContactAt)
  return { tone: 'good', words: t(training ? 'central:chip.allThereTraining' : 'central:chip.allThere', { when }) }
}

/** What a contact brought about: `12 came, 3 went and 1 was refused.` */
export function resultWords(
  t: TFunction<'central'>,
  format: Format,
  { came, went, refused, conflicts }: SyncResult,
): string {
  const counts = { came, went, refused, conflicts }
  const parts = (['came', 'went', 'refused', 'conflicts'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => t(`central:result.${name}`, { count: counts[name], number: format.number(counts[name]) }))
  return parts.length === 0 ? t('central:result.nothing') : t('central:result.done', { counts: format.list(parts) })
}
