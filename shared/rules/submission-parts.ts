import type { Submission, SubmissionLine } from '../model/batch.ts'
import type { PartKey } from '../model/payment.ts'

/*
 * A submission leaves in parts, in its order: `1`, `2`, `3`… Each has `partSize` lines, or begins where `partStarts` says. A part that a payment system finds too
 * large before it took any of it is replaced by its halves, `3.1` and `3.2`, and so on down to single payments.
 */

type Size = Pick<Submission, 'count' | 'partSize' | 'partStarts'>
type Lines = Size & Pick<Submission, 'lines'>

/** How many parts there are before any is halved. */
export const countParts = ({ count, partSize, partStarts }: Size): number =>
  partStarts?.length ?? Math.ceil(count / partSize)

function wholePart({ count, partSize, partStarts }: Size, number: number): { from: number; to: number } {
  if (partStarts !== undefined) return { from: partStarts[number - 1] ?? count, to: partStarts[number] ?? count }
  const from = (number - 1) * partSize
  return { from, to: Math.min(from + partSize, count) }
}

const stretch = (size: Size, part: PartKey): { readonly from: number; readonly to: number } => {
  const [whole = '', ...halves] = part.split('.')
  let { from, to } = wholePart(size, Number(whole))
  for (const half of halves) {
    const middle = from + Math.ceil((to - from) / 2)
    if (half === '1') to = middle
    else from = middle
  }
  return { from, to }
}

/** The payments of a part, in the order in which they leave; empty where the submission has no such part. */
export function linesOfPart(submission: Lines, part: PartKey): readonly SubmissionLine[] {
  const { from, to } = stretch(submission, part)
  return submission.lines.slice(from, to)
}

/** A part with a single payment has no halves. */
export const canSplit = (submission: Size, part: PartKey): boolean => {
  const { from, to } = stretch(submission, part)
  return to - from > 1
}

/** What takes the place of a part that was too large. */
export const halvesOf = (part: PartKey): readonly PartKey[] => [`${part}.1`, `${part}.2`]

/**
 * The parts in which a submission leaves, in order.
 *
 * @param isSplit whether a part was replaced by its halves
 */
export function partsOf(submission: Size, isSplit: (part: PartKey) => boolean): PartKey[] {
  const found: PartKey[] = []
  const add = (part: PartKey): void => {
    if (!isSplit(part)) found.push(part)
    else for (const half of halvesOf(part)) add(half)
  }
  for (let number = 1; number <= countParts(submission); number += 1) add(String(number))
  return found
}

/** The part that carries the line at a place (counted from 0). */
export function partAt(submission: Size, place: number, isSplit: (part: PartKey) => boolean): PartKey {
  const { partSize, partStarts } = submission
  const before = partStarts?.findLastIndex((start) => start <= place) ?? Math.floor(place / partSize)
  let part: PartKey = String(before + 1)
  while (isSplit(part)) {
    const [first = part, second = part] = halvesOf(part)
    part = place < stretch(submission, first).to ? first : second
  }
  return part
}
