import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openClaims } from '../../../../electron/core/central/claims/open-claims.ts'
import type { ClaimAnswer, SenderClaims } from '../../../../electron/core/dispatch/sender-claims.ts'
import type { FaultRuleInput } from '../../../../electron/peers/couchdb/faults.ts'
import type { Batch, Submission } from '../../../../shared/model/batch.ts'
import { newId } from '../../../../shared/model/ids.ts'
import { submittedBatch } from '../../dispatch/approved-batches.ts'
import { District, type DistrictOffice, signal } from './district.ts'

let district: District
let claims: readonly SenderClaims[]
beforeAll(async () => {
  district = await District.open()
  claims = [district.town, district.hills].map(({ office }) => openClaims(office))
}, 60_000)
afterAll(() => district.close())

let made = 0

/** A submitted batch of payments of people from `from` on; each run of the property has people of its own. */
function batchOf({ office, world }: DistrictOffice, from: number, count: number): [Batch, Submission] {
  made += 1
  const { batchId, submission } = submittedBatch(world, { name: `${made}-${newId()}`, count, from })
  return [office.store.get('batch', batchId), submission]
}

const fault: fc.Arbitrary<FaultRuleInput> = fc.record({
  do: fc.constantFrom('cut-before', 'cut-after', 'cut-within', 'quorum-missed', 'status', 'delay'),
  path: fc.constantFrom('-claims', '_bulk_docs', '_all_docs', 'batch%3A'),
  skip: fc.nat(6),
  times: fc.integer({ min: 1, max: 4 }),
  delay: fc.constant(20),
  status: fc.constantFrom(500, 503),
})

/** Asks until somebody knows, as the job does; what is put off to the end claims nothing. */
async function claimPatiently(index: number, [batch, submission]: [Batch, Submission]): Promise<ClaimAnswer> {
  let answer: ClaimAnswer = { kind: 'put-off', fault: { code: 'central.unreachable', params: {} }, retryAt: null }
  for (let tries = 0; tries < 8 && answer.kind === 'put-off'; tries += 1) {
    for (const { office } of [district.town, district.hills]) office.http.tryNow()
    answer = (await claims[index]?.claim(batch, submission, signal)) ?? answer
  }
  return answer
}

test('whatever fails in between, no payment is ever claimed for two batches, and none is lost to nobody', async () => {
  let from = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 5 }),
      fc.nat(4),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (faults, shift, countHere, countThere) => {
        const start = from
        from += 20
        const here = batchOf(district.town, start, countHere)
        const there = batchOf(district.hills, start + shift, countThere)
        district.couch.faults.clear()
        district.couch.faults.add(...faults)
        const answers = await Promise.all([claimPatiently(0, here), claimPatiently(1, there)])
        district.couch.faults.clear()
        const ours = [here, there].flatMap(([, { lines }], index) =>
          answers[index]?.kind === 'ours' ? [lines.map(({ paymentId }) => paymentId)] : [],
        )
        const both = ours.length === 2 ? ours[0]?.filter((id) => ours[1]?.includes(id)) : []
        expect(both).toEqual([])
        // What is claimed is what the server says, and once everything works again nobody waits in vain.
        for (const [index, one] of [here, there].entries()) {
          const again = await claimPatiently(index, one)
          if (answers[index]?.kind === 'ours') expect(again.kind).toBe('ours')
          expect(['ours', 'partly']).toContain(again.kind)
          if (again.kind !== 'partly') continue
          const other = [here, there][1 - index]?.[1].lines.map(({ paymentId }) => paymentId)
          for (const { paymentId, officeName } of again.elsewhere) {
            expect(other).toContain(paymentId)
            expect(officeName).toBe([district.hills, district.town][index]?.account.user)
          }
        }
      },
    ),
    { numRuns: 40, seed: 20_260_101 },
  )
}, 240_000)
