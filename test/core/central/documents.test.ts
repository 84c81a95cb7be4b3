import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  batchOf,
  documentId,
  documentText,
  fieldsOf,
  findDocumentName,
  findSubmission,
  isSameButMarks,
  isSameContent,
  lineTexts,
  pieceId,
  piecesOf,
  travellingKinds,
  travellingText,
} from '../../../electron/core/central/documents.ts'
import type { Batch, Submission } from '../../../shared/model/batch.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 30 })
const id = fc.stringMatching(/^[0-9a-z-]{1,40}$/)

const batch: fc.Arbitrary<Batch> = fc.record({
  id,
  changedAt: fc.constant('000000001-0000-a'),
  changedBy: id,
  name: text,
  cycleId: id,
  programmeId: id,
  managerId: id,
  tagName: text,
  currency: fc.constant('ETB'),
  count: fc.nat(),
  sum: fc.nat(),
  makers: fc.array(id, { maxLength: 4 }),
  state: fc.constantFrom('open', 'submitted', 'settled'),
  held: fc.boolean(),
  heldReason: text,
  cancelledReason: text,
  submissionNumber: fc.nat(9),
  stateAt: fc.constant('000000002-0000-a'),
  attention: text,
})

const submission = (lines: number): Submission => ({
  id: 's',
  changedAt: '000000001-0000-a',
  changedBy: 'clerk',
  batchId: 'b',
  number: 1,
  programmeId: 'p',
  programmeName: 'Cash',
  cycleId: 'c',
  cycleName: 'March',
  managerId: 'm',
  managerDigest: 'a'.repeat(64),
  channel: 'g2p-connect',
  payerAddress: 'account:1@treasury',
  payerName: 'Treasury',
  currency: 'ETB',
  count: lines,
  sum: lines,
  partSize: 500,
  submittedBy: 'clerk',
  makers: ['clerk'],
  lines: Array.from({ length: lines }, (_, n) => ({
    paymentId: `payment-${n}`,
    entitlementId: `e-${n}`,
    attempt: 1,
    registrantId: `r-${n}`,
    payeeId: `r-${n}`,
    payeeName: 'n',
    payeeAddress: 'a:1@w',
    amount: 1,
  })),
  digest: 'b'.repeat(64),
})

const asDocument = (name: string, rev: string | null, fields: string): Record<string, unknown> =>
  JSON.parse(documentText(name, rev, fields)) as Record<string, unknown>

describe('documents', () => {
  it('are named after their records, and the name tells the record', () => {
    fc.assert(
      fc.property(fc.constantFrom(...travellingKinds), id, (kind, record) => {
        expect(findDocumentName(documentId(kind, record))).toEqual({ kind, id: record, piece: null })
      }),
    )
    fc.assert(
      fc.property(id, fc.nat(999_999), (record, piece) => {
        expect(findDocumentName(pieceId(record, piece))).toEqual({ kind: 'submission', id: record, piece })
      }),
    )
    for (const other of ['_design/rules', 'claim:x', 'registrant:', ':x', 'unheard-of:x', 'x']) {
      expect(findDocumentName(other)).toBeUndefined()
    }
  })

  it('bring back the fields that they were made of', () => {
    const record = fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,10}$/), fc.jsonValue(), { maxKeys: 8 })
    fc.assert(
      fc.property(record, id, fc.option(id), (fields, name, rev) => {
        const document = asDocument(name, rev, JSON.stringify(fields))
        expect(document._id).toBe(name)
        expect(document._rev).toBe(rev ?? undefined)
        expect(fieldsOf(document)).toEqual(JSON.parse(JSON.stringify(fields)))
      }),
    )
  })

  it('of batches leave out what each office works out, and nothing else', () => {
    fc.assert(
      fc.property(batch, fc.option(batch, { nil: undefined }), (sent, here) => {
        const fields = fieldsOf(asDocument('batch:b', null, travellingText('batch', JSON.stringify(sent))))
        const { count, sum, state, stateAt, attention, ...rest } = sent
        expect(fields).toEqual(rest)
        const arrived = batchOf(fields as never, here)
        expect(isSameContent('batch', arrived, fields)).toBe(true)
        expect(isSameButMarks('batch', { ...arrived, count: 7, changedBy: 'x' }, sent)).toBe(true)
        expect(isSameButMarks('batch', { ...arrived, held: !sent.held }, sent)).toBe(false)
        if (here !== undefined) expect(arrived).toMatchObject({ count: here.count, state: here.state })
      }),
    )
  })

  it('of a submission make it again, and only all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_300 }), fc.nat(), (count, drop) => {
        const whole = submission(count)
        const pieces = lineTexts(whole).map((piece) => JSON.parse(piece) as { lines: unknown[] })
        expect(pieces).toHaveLength(piecesOf(count))
        expect(Math.max(...pieces.map(({ lines }) => lines.length))).toBeLessThanOrEqual(1_000)
        const head = fieldsOf(asDocument('submission:s', null, travellingText('submission', JSON.stringify(whole))))
        expect(head).not.toHaveProperty('lines')
        expect(findSubmission(head, pieces)).toEqual(whole)
        const without = pieces.filter((_, at) => at !== drop % pieces.length)
        expect(findSubmission(head, without)).toBeUndefined()
      }),
      { numRuns: 15 },
    )
  })
})
