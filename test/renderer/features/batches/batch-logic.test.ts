import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BatchPage, BatchTally, PaymentRow } from '../../../../renderer/features/batches/answers.ts'
import { mainAction, offeredActions } from '../../../../renderer/features/batches/batch-actions.ts'
import { batchGroups, countOfGroup, statesOfGroup } from '../../../../renderer/features/batches/batch-groups.ts'
import { lifeOf, shortDigest } from '../../../../renderer/features/batches/batch-life.ts'
import { deedOf } from '../../../../renderer/features/batches/payment-deeds.ts'
import { finalOf, progressPieces, stateOrder } from '../../../../renderer/features/batches/payment-progress.ts'
import { paymentsCsv } from '../../../../renderer/features/batches/payments-csv.ts'
import { type AwaitedFacts, awaitedBy } from '../../../../renderer/features/batches/waiting-for.ts'
import { BatchState } from '../../../../shared/model/batch.ts'
import { PaymentState } from '../../../../shared/model/payment.ts'

describe('groups of batches', () => {
  test('every state belongs to exactly one group', () => {
    const listed = Object.values(statesOfGroup).flat()
    expect([...listed].sort()).toEqual([...BatchState.options].sort())
  })

  test('the groups together count what "all" counts', () => {
    const tally: BatchTally = { states: { open: 2, lapsed: 1, submitted: 3, following: 4, cancelled: 1 }, attention: 2 }
    const apart = batchGroups.filter((group) => group !== 'all' && group !== 'attention')
    expect(apart.reduce((sum, group) => sum + countOfGroup(group, tally), 0)).toBe(countOfGroup('all', tally))
    expect(countOfGroup('toSubmit', tally)).toBe(3)
    expect(countOfGroup('attention', tally)).toBe(2)
  })
})

describe('whose turn it is', () => {
  const batch: AwaitedFacts = {
    state: 'submitted',
    held: false,
    attention: '',
    approval: null,
    job: null,
    holder: null,
  }
  const approval = { approvals: 1, approvalsNeeded: 2, lapsesAt: null }

  test('a second approver, once one has approved', () => {
    expect(awaitedBy(batch)).toBe('approver')
    expect(awaitedBy({ ...batch, approval })).toBe('secondApprover')
  })

  test('an officer to send it until it was ordered, the line afterwards', () => {
    expect(awaitedBy({ ...batch, state: 'approved' })).toBe('sender')
    expect(awaitedBy({ ...batch, state: 'approved', job: { state: 'waiting', deferredBy: 'line' } })).toBe('line')
  })

  test('the switch, where sending is stopped', () => {
    expect(awaitedBy({ ...batch, state: 'queued', job: { state: 'waiting', deferredBy: 'stopped' } })).toBe('switch')
    expect(awaitedBy({ ...batch, state: 'sending', job: { state: 'paused', deferredBy: '' } })).toBe('switch')
  })

  test('the other office, where the central server says that it sends', () => {
    const holder = { officeName: 'Hills', since: 1, own: false }
    expect(awaitedBy({ ...batch, state: 'sending', holder })).toBe('otherOffice')
    expect(awaitedBy({ ...batch, state: 'sending', holder: { ...holder, own: true } })).toBe('office')
    expect(awaitedBy({ ...batch, state: 'settled', holder })).toBe('nobody')
  })

  test('attention comes before a hold, and neither matters when all is over', () => {
    const troubled = { ...batch, held: true, attention: 'dispatch.refused' }
    expect(awaitedBy({ ...troubled, state: 'sending' })).toBe('attention')
    expect(awaitedBy({ ...troubled, state: 'sending', attention: '' })).toBe('release')
    expect(awaitedBy({ ...troubled, state: 'settled' })).toBe('nobody')
  })
})

describe('what a batch offers', () => {
  const actions = (state: BatchState, roles: Parameters<typeof offeredActions>[2], more = {}) =>
    offeredActions({ state, held: false, ordered: false, ...more }, { queued: 0 }, roles)

  test('the next step stands out only for who may take it', () => {
    expect(mainAction(actions('open', ['clerk']))).toBe('submit')
    expect(mainAction(actions('submitted', ['approver']))).toBe('review')
    expect(mainAction(actions('submitted', ['clerk']))).toBeUndefined()
    expect(actions('submitted', ['clerk']).find(({ action }) => action === 'review')?.missing).toEqual(['approver'])
  })

  test('nothing is sent twice: what was ordered, held or not approved offers no sending', () => {
    const offers = (state: BatchState, more = {}) =>
      actions(state, ['clerk', 'approver'], more).some(({ action }) => action === 'send')
    expect(offers('approved')).toBe(true)
    expect(offers('approved', { ordered: true })).toBe(false)
    expect(offers('approved', { held: true })).toBe(false)
    for (const state of BatchState.options) if (state !== 'approved') expect(offers(state)).toBe(false)
  })

  test('after the claim only what has not left can be taken back', () => {
    const cancels = (state: BatchState, queued: number) =>
      offeredActions({ state, held: false, ordered: true }, { queued }, ['clerk']).some(
        ({ action }) => action === 'cancel',
      )
    expect(cancels('sending', 3)).toBe(true)
    expect(cancels('sending', 0)).toBe(false)
    expect(cancels('settled', 3)).toBe(false)
  })

  test('an open batch can be looked up while the payment system may still say something', () => {
    const offers = (counts: Parameters<typeof offeredActions>[1]) =>
      offeredActions({ state: 'following', held: false, ordered: true }, counts, ['clerk']).map(({ action }) => action)
    expect(offers({ acknowledged: 1 })).toContain('checkNow')
    expect(offers({ paid: 5 })).not.toContain('checkNow')
  })
})

describe('progress', () => {
  const counts = fc.dictionary(fc.constantFrom(...PaymentState.options), fc.nat(500))

  test('every state has its place in the bar', () => {
    expect([...stateOrder].sort()).toEqual([...PaymentState.options].sort())
  })

  test('the pieces fill the bar and never count what was put aside, unless nothing else is there', () => {
    fc.assert(
      fc.property(counts, (given) => {
        const pieces = progressPieces(given)
        const sum = pieces.reduce((all, { share }) => all + share, 0)
        if (pieces.length > 0) expect(sum).toBeCloseTo(1, 9)
        const standing = Object.entries(given).filter(([state, count]) => state !== 'cancelled' && count > 0)
        expect(pieces.some(({ state }) => state === 'cancelled')).toBe(
          standing.length === 0 && (given.cancelled ?? 0) > 0,
        )
        const { final, total } = finalOf(given)
        expect(total).toBe(standing.reduce((all, [, count]) => all + count, 0))
        expect(final).toBeLessThanOrEqual(total)
      }),
    )
  })
})

describe('the one action of a payment', () => {
  const clerk = { id: 'clerk', roles: ['clerk'] as const }
  const approver = { id: 'approver', roles: ['approver'] as const }
  const administrator = { id: 'administrator', roles: ['administrator'] as const }
  const unknown = { state: 'unknown', reasonCode: '' } as const
  const part = { part: '2', stage: 'absent-for-long', mayApproveResend: true } as const
  const evidence = {
    id: 'e',
    paymentId: 'p',
    finding: 'not-paid',
    amount: null,
    reference: 'r',
    document: 'd',
    recordedBy: 'approver',
    recordedAt: 'm',
    confirmedBy: null,
    waits: true,
    mayConfirm: false,
  } as const
  const usual = { needsProof: false } as const

  test('unknown is looked up first; sent again only by an approver after both look-ups', () => {
    expect(deedOf({ ...usual, payment: unknown, part: undefined, evidence: [], officer: clerk })).toEqual({
      kind: 'lookUp',
    })
    const early = { ...part, stage: 'absent', mayApproveResend: false } as const
    expect(deedOf({ ...usual, payment: unknown, part: early, evidence: [], officer: approver })).toEqual({
      kind: 'lookUp',
    })
    expect(deedOf({ ...usual, payment: unknown, part, evidence: [], officer: approver })).toEqual({
      kind: 'approveResend',
      part: '2',
      allowed: true,
    })
    expect(deedOf({ ...usual, payment: unknown, part, evidence: [], officer: clerk })).toMatchObject({ allowed: false })
  })

  test('review asks for evidence, which another officer, an administrator, confirms', () => {
    const review = { state: 'review', reasonCode: '' } as const
    expect(deedOf({ ...usual, payment: review, part: undefined, evidence: [], officer: approver })).toEqual({
      kind: 'recordEvidence',
      allowed: true,
    })
    const waiting = { ...usual, payment: review, part: undefined }
    const mine = { ...waiting, evidence: [{ ...evidence, mayConfirm: true }], officer: administrator }
    expect(deedOf(mine)).toMatchObject({ kind: 'confirmEvidence', allowed: true, mayReplace: false })
    const both = { id: 'approver', roles: ['approver', 'administrator'] as const }
    const theirs = { ...waiting, evidence: [evidence], officer: both }
    expect(deedOf(theirs)).toMatchObject({ kind: 'confirmEvidence', allowed: false, mayReplace: true })
  })

  test('evidence that says nothing about the payment any more waits for nobody', () => {
    const stale = { ...usual, part: undefined, evidence: [{ ...evidence, waits: false }], officer: administrator }
    expect(deedOf({ ...stale, payment: { state: 'paid', reasonCode: '' } })).toBeUndefined()
  })

  test('what was refused asks for proof as long as nothing shows that no money moved', () => {
    const refused = { payment: { state: 'rejected', reasonCode: '' }, part: undefined, evidence: [] } as const
    expect(deedOf({ ...refused, needsProof: true, officer: approver })).toEqual({ kind: 'recordProof', allowed: true })
    expect(deedOf({ ...refused, needsProof: true, officer: clerk })).toEqual({ kind: 'recordProof', allowed: false })
    expect(deedOf({ ...refused, needsProof: false, officer: approver })).toBeUndefined()
  })

  test('an approver can record that what was paid came back', () => {
    const paid = { ...usual, payment: { state: 'paid', reasonCode: '' }, part: undefined, evidence: [] } as const
    expect(deedOf({ ...paid, officer: approver })).toEqual({ kind: 'recordReversal', allowed: true })
    expect(deedOf({ ...paid, officer: clerk })).toBeUndefined()
  })

  test('what is settled asks for nothing', () => {
    for (const state of ['paid', 'rejected', 'reversed', 'cancelled', 'prepared'] as const) {
      const settled = { ...usual, payment: { state, reasonCode: '' }, part: undefined, evidence: [] }
      expect(deedOf({ ...settled, officer: clerk })).toBeUndefined()
    }
  })
})

describe('the way of a batch', () => {
  const page = (change: object): Parameters<typeof lifeOf>[0] => ({
    batch: { state: 'open', makers: ['clerk'], stateAt: '000000001-0000-a' } as BatchPage['batch'],
    standing: { state: 'open', approvals: 0, approvalsNeeded: 1, lapsesAt: null, attention: null },
    submissions: [],
    decisions: [],
    prepared: null,
    claimed: null,
    ordered: null,
    transmissions: [],
    ...change,
  })

  test('an open batch has been prepared and no more', () => {
    expect(lifeOf(page({})).map(({ reached }) => reached)).toEqual([true, false, false, false, false, false])
  })

  test('one approval of two is told and does not pass the station', () => {
    const stations = lifeOf(
      page({
        batch: { state: 'submitted', makers: ['clerk'], stateAt: '000000001-0000-a' },
        standing: { state: 'submitted', approvals: 1, approvalsNeeded: 2, lapsesAt: null, attention: null },
        submissions: [{ id: 's', submittedBy: 'clerk', changedAt: '000000002-0000-a' }],
        decisions: [{ submissionId: 's', verdict: 'approve', officerId: 'one', decidedAt: 5 }],
      }),
    )
    expect(stations.find(({ step }) => step === 'approved')).toMatchObject({
      reached: false,
      by: ['one'],
      note: 'oneOfTwo',
    })
  })

  test('a digest is compared by eye in groups of four', () => {
    expect(shortDigest('0123456789abcdef'.repeat(4))).toBe('0123 4567 89ab cdef')
  })
})

describe('payments as CSV', () => {
  const payment = (name: string): PaymentRow => ({
    id: 'reference',
    changedAt: '000000001-0000-a',
    changedBy: 'clerk',
    entitlementId: 'e',
    attempt: 1,
    cycleId: 'c',
    programmeId: 'p',
    registrantId: 'r',
    registrantName: name,
    payeeId: 'r',
    payeeName: name,
    payeeAddressHint: 'phone:•••• 123@wallet',
    batchId: '',
    managerId: 'm',
    amount: 125_050,
    currency: 'ETB',
    state: 'blocked',
    reasonCode: 'payee.no-head',
    reasonText: '',
    reasonParams: {},
    theirReference: '',
    amountPaid: null,
    held: false,
    stateAt: '000000001-0000-a',
  })
  const csv = (name: string): string =>
    paymentsCsv([payment(name)], { headings: ['one'], state: () => 'state', reason: () => 'a, "b"' })

  test('no name becomes a formula, and quotes stay quotes', () => {
    expect(csv('=HYPERLINK("x")')).toContain(`"'=HYPERLINK(""x"")"`)
    expect(csv('Amina')).toContain('"a, ""b"""')
  })

  test('the amount stands without its currency, which has a column of its own', () => {
    expect(csv('Amina')).toContain(',1250.50,,ETB,')
  })
})
