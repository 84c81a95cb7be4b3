import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CycleState, EntitlementState } from '../../../shared/model/programme.ts'
import { type CycleFacts, cycleMoveNames, cycleMoves, findCycleRefusal } from '../../../shared/rules/cycle-life.ts'
import {
  canMoveEntitlement,
  type EntitlementMove,
  entitlementMoves,
  grantedStates,
} from '../../../shared/rules/entitlement-life.ts'

const count = fc.nat({ max: 3 })
const facts: fc.Arbitrary<CycleFacts> = fc.record({
  drafts: count,
  pending: count,
  pendingSum: fc.nat({ max: 1_000 }),
  granted: count,
  grantedSum: fc.nat({ max: 1_000 }),
  grantedElsewhere: fc.nat({ max: 1_000 }),
  notSent: count,
  open: count,
  payments: count,
  waitingPayments: count,
})
const limit = fc.option(fc.nat({ max: 3_000 }))
const cycle = fc.record({
  state: fc.constantFrom(...CycleState.options),
  ceiling: limit,
  generationUnfinished: fc.boolean(),
})

test('a cycle moves only along its table, and never out of an end', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...cycleMoveNames),
      cycle,
      facts,
      limit,
      fc.option(count),
      (move, now, seen, fund, acknowledged) => {
        const refusal = findCycleRefusal(move, now, seen, { fund, currency: 'ETB' }, acknowledged)
        const inTable = (cycleMoves[move].from as readonly string[]).includes(now.state)
        if (!inTable) expect(refusal?.code).toBe('cycle.move-not-allowed')
        if (now.state === 'ended' || now.state === 'cancelled') expect(refusal).toBeDefined()
      },
    ),
  )
})

test('an approved cycle is whole, granted something and within ceiling and fund', () => {
  fc.assert(
    fc.property(cycle, facts, limit, (now, seen, fund) => {
      if (findCycleRefusal('approve', now, seen, { fund, currency: 'ETB' }) !== undefined) return
      const sum = seen.grantedSum + seen.pendingSum
      expect(now.generationUnfinished).toBe(false)
      expect(seen.drafts).toBe(0)
      expect(seen.pending + seen.granted).toBeGreaterThan(0)
      expect(sum).toBeLessThanOrEqual(now.ceiling ?? Number.MAX_SAFE_INTEGER)
      expect(sum + seen.grantedElsewhere).toBeLessThanOrEqual(fund ?? Number.MAX_SAFE_INTEGER)
    }),
    { numRuns: 1_000 },
  )
})

test('a cycle ends with nothing waiting to be sent, and with open payments only if exactly those were acknowledged', () => {
  fc.assert(
    fc.property(cycle, facts, fc.option(count), (now, seen, acknowledged) => {
      if (findCycleRefusal('end', now, seen, { fund: null, currency: 'ETB' }, acknowledged) !== undefined) return
      expect(seen.waitingPayments).toBe(0)
      expect(seen.open + seen.notSent === 0 || seen.open + seen.notSent === acknowledged).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})

test('an entitlement is granted only by an approver who waits for a PIN, out of what a clerk submitted', () => {
  const moves = Object.keys(entitlementMoves) as EntitlementMove[]
  const granting = moves.filter((move) => grantedStates.includes(entitlementMoves[move].to))
  expect(granting).toEqual(['approve'])
  expect(entitlementMoves.approve).toMatchObject({
    from: ['pending_validation'],
    roles: ['approver'],
    isDecision: true,
  })
  const open = moves.filter((move) =>
    EntitlementState.options.some(
      (state) => canMoveEntitlement(state, 'ended', move) || canMoveEntitlement(state, 'cancelled', move),
    ),
  )
  expect(open).toEqual([])
})
