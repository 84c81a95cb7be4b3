import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SubmissionLine } from '../../../shared/model/batch.ts'
import { PartKey } from '../../../shared/model/payment.ts'
import { canSplit, halvesOf, linesOfPart, partAt, partsOf } from '../../../shared/rules/submission-parts.ts'

const submissionOf = (count: number, partSize: number) => ({
  count,
  partSize,
  lines: Array.from({ length: count }, (_, place) => ({ paymentId: String(place) }) as SubmissionLine),
})

/** A submission with some of its parts, and halves of them, found too large. */
const splits = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(), { maxLength: 12 }))
  .map(([count, partSize, choices]) => {
    const submission = submissionOf(count, partSize)
    const split = new Set<string>()
    for (const choice of choices) {
      const parts = partsOf(submission, (part) => split.has(part)).filter((part) => canSplit(submission, part))
      const part = parts[choice % Math.max(1, parts.length)]
      if (part !== undefined) split.add(part)
    }
    return { submission, isSplit: (part: string) => split.has(part) }
  })

test('however parts are split, every payment leaves in exactly one of them and in the approved order', () => {
  fc.assert(
    fc.property(splits, ({ submission, isSplit }) => {
      const parts = partsOf(submission, isSplit)
      expect(parts.flatMap((part) => linesOfPart(submission, part))).toEqual(submission.lines)
      for (const part of parts) {
        expect(linesOfPart(submission, part).length).toBeGreaterThan(0)
        expect(PartKey.safeParse(part).success).toBe(true)
      }
    }),
  )
})

test('the part of a payment is the one that carries it', () => {
  fc.assert(
    fc.property(splits, fc.nat(), ({ submission, isSplit }, place) => {
      const chosen = place % submission.count
      const line = submission.lines[chosen]
      expect(linesOfPart(submission, partAt(submission, chosen, isSplit))).toContain(line)
    }),
  )
})

test('a single payment has no halves, and the halves of any other part hold something', () => {
  const submission = submissionOf(7, 3)
  expect(canSplit(submission, '3')).toBe(false)
  expect(canSplit(submission, '1')).toBe(true)
  expect(halvesOf('1').map((part) => linesOfPart(submission, part).length)).toEqual([2, 1])
})

test('a part that the submission does not have is empty', () => {
  expect(linesOfPart(submissionOf(4, 2), '3')).toEqual([])
})
