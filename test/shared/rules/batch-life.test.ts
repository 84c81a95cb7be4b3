import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  APPROVAL_LASTS,
  type BatchRecords,
  type DecisionQuestion,
  deriveBatch,
  mayDecide,
} from '../../../shared/rules/batch-life.ts'

const submission = (number: number) => ({
  id: `s${number}`,
  number,
  digest: `d${number}`,
  sum: 1000,
  makers: ['clerk'],
  submittedBy: 'clerk',
  changedAt: '000000001-0000-a',
})

type Decision = BatchRecords['decisions'][number]
const decision = (officerId: string, more: Partial<Decision> = {}): Decision => ({
  submissionId: 's1',
  digest: 'd1',
  officerId,
  verdict: 'approve',
  decidedAt: 1000,
  changedAt: '000000001-0000-a',
  ...more,
})

const records = (more: Partial<BatchRecords> = {}): BatchRecords => ({
  cancelled: false,
  sentBack: 0,
  submissions: [submission(1)],
  decisions: [],
  claim: null,
  posted: false,
  payments: { prepared: 2 },
  twoApproversAbove: null,
  now: 2000,
  ...more,
})

const state = (more: Partial<BatchRecords>) => deriveBatch(records(more)).state
const claim = { submissionId: 's1', changedAt: '000000002-0000-a' }

describe('the state of a batch', () => {
  it.each<[string, Partial<BatchRecords>, string]>([
    ['before a submission', { submissions: [] }, 'open'],
    ['submitted', {}, 'submitted'],
    ['approved', { decisions: [decision('boss')] }, 'approved'],
    ['waiting for the line', { decisions: [decision('boss')], payments: { queued: 2 } }, 'queued'],
    [
      'returned after an approval',
      { decisions: [decision('boss'), decision('chief', { verdict: 'return' })] },
      'returned',
    ],
    ['approved long ago', { decisions: [decision('boss')], now: 1000 + APPROVAL_LASTS }, 'lapsed'],
    [
      'approved again after lapsing',
      { decisions: [decision('boss'), decision('boss', { decidedAt: APPROVAL_LASTS })], now: 1000 + APPROVAL_LASTS },
      'approved',
    ],
    ['cancelled', { cancelled: true, decisions: [decision('boss')] }, 'cancelled'],
    ['submitted anew', { submissions: [submission(1), submission(2)], decisions: [decision('boss')] }, 'submitted'],
    ['changed since', { decisions: [decision('boss', { digest: 'other' })] }, 'submitted'],
    ['approved by its maker', { decisions: [decision('clerk')] }, 'submitted'],
    ['above the limit, one word', { twoApproversAbove: 999, decisions: [decision('boss')] }, 'submitted'],
    [
      'above the limit, one officer twice',
      { twoApproversAbove: 999, decisions: [decision('boss'), decision('boss')] },
      'submitted',
    ],
    [
      'above the limit, two words',
      { twoApproversAbove: 999, decisions: [decision('boss'), decision('chief')] },
      'approved',
    ],
    ['claimed', { claim, decisions: [decision('boss')], payments: { queued: 2 } }, 'claimed'],
    ['being sent', { claim, posted: true, payments: { queued: 1, acknowledged: 1 } }, 'sending'],
    ['sent', { claim, posted: true, payments: { acknowledged: 1, paid: 1 } }, 'following'],
    ['with one unknown', { claim, posted: true, payments: { unknown: 1, paid: 1 } }, 'following'],
    ['with one in review', { claim, posted: true, payments: { review: 1, paid: 1 } }, 'following'],
    ['done', { claim, posted: true, payments: { rejected: 1, paid: 1 } }, 'settled'],
  ])('%s is right', (_, more, expected) => {
    expect(state(more)).toBe(expected)
  })

  it('does not lapse once claimed, and tells of words that came too late', () => {
    const late = records({ claim, posted: true, payments: { acknowledged: 2 }, now: 1000 + 2 * APPROVAL_LASTS })
    expect(
      deriveBatch({ ...late, decisions: [decision('boss'), decision('chief', { verdict: 'return' })] }),
    ).toMatchObject({
      state: 'following',
      attention: { code: 'batch.returned-after-claim' },
    })
    expect(deriveBatch({ ...late, cancelled: true })).toMatchObject({
      attention: { code: 'batch.cancelled-after-claim' },
    })
  })

  it('never counts as approved with a return, a lapse, or too few independent officers', () => {
    const anyDecision = fc
      .record({
        officerId: fc.constantFrom('clerk', 'boss', 'chief'),
        verdict: fc.constantFrom('approve' as const, 'approve' as const, 'return' as const),
        digest: fc.constantFrom('d1', 'd2', 'other'),
        submissionId: fc.constantFrom('s1', 's2'),
        decidedAt: fc.constantFrom(0, APPROVAL_LASTS),
      })
      .map((more) => decision(more.officerId, more))
    fc.assert(
      fc.property(fc.array(anyDecision, { maxLength: 6 }), fc.boolean(), (decisions, two) => {
        const given = records({
          submissions: [submission(2), submission(1)],
          decisions,
          twoApproversAbove: two ? 0 : null,
          now: APPROVAL_LASTS + 1,
        })
        const { state: is } = deriveBatch(given)
        expect(deriveBatch({ ...given, decisions: decisions.toReversed() }).state).toBe(is)
        if (is !== 'approved') return
        const words = decisions.filter((each) => each.submissionId === 's2' && each.digest === 'd2')
        expect(words.some(({ verdict }) => verdict === 'return')).toBe(false)
        const officers = words.filter((each) => each.officerId !== 'clerk' && each.decidedAt > 1)
        expect(new Set(officers.map(({ officerId }) => officerId)).size).toBeGreaterThanOrEqual(two ? 2 : 1)
      }),
    )
  })
})

describe('mayDecide', () => {
  const question = (more: Partial<DecisionQuestion> = {}): DecisionQuestion => ({
    verdict: 'approve',
    officer: { id: 'boss', roles: ['approver'], state: 'active', sponsors: ['root'] },
    batch: { state: 'submitted', makers: ['clerk'] },
    submission: { makers: ['clerk'], submittedBy: 'clerk', digest: 'd1' },
    digestSeen: 'd1',
    approvedBy: [],
    sponsorsOf: () => [],
    ...more,
  })
  const officer = (more: Partial<DecisionQuestion['officer']>) => ({ ...question().officer, ...more })
  const told = (more: Partial<DecisionQuestion>) => {
    const ruling = mayDecide(question(more))
    return ruling.ok ? 'may' : ruling.error.code
  }

  it.each<[string, Partial<DecisionQuestion>, string]>([
    ['an independent approver', {}, 'may'],
    ['a suspended officer', { officer: officer({ state: 'suspended' }) }, 'decide.not-active'],
    ['a clerk', { officer: officer({ roles: ['clerk', 'administrator'] }) }, 'decide.not-approver'],
    ['the submitter', { officer: officer({ id: 'clerk' }) }, 'decide.maker'],
    ['somebody who edited since', { batch: { state: 'submitted', makers: ['boss'] } }, 'decide.maker'],
    ['an officer the maker created', { officer: officer({ sponsors: ['clerk'] }) }, 'decide.sponsored-by-maker'],
    [
      'one created through another',
      { sponsorsOf: (id) => (id === 'root' ? ['clerk'] : []) },
      'decide.sponsored-by-maker',
    ],
    ['one who decided before', { approvedBy: ['boss'] }, 'decide.already-decided'],
    [
      'one the first approver created',
      { officer: officer({ sponsors: ['chief'] }), approvedBy: ['chief'] },
      'decide.sponsored-by-approver',
    ],
    [
      'one who created the first approver',
      { approvedBy: ['chief'], sponsorsOf: (id) => (id === 'chief' ? ['boss'] : []) },
      'decide.sponsored-by-approver',
    ],
    ['one who takes back', { verdict: 'return', approvedBy: ['boss'], batch: { state: 'queued', makers: [] } }, 'may'],
    [
      'one who returns too late',
      { verdict: 'return', batch: { state: 'claimed', makers: [] } },
      'decide.not-submitted',
    ],
    ['a maker who returns', { verdict: 'return', officer: officer({ id: 'clerk' }) }, 'decide.maker'],
    ['one who approves again', { approvedBy: ['boss'], batch: { state: 'lapsed', makers: [] } }, 'may'],
    ['one who saw another version', { digestSeen: 'd0' }, 'decide.changed'],
    ['one who comes too late', { batch: { state: 'returned', makers: [] } }, 'decide.not-submitted'],
  ])('answers %s', (_, more, expected) => {
    expect(told(more)).toBe(expected)
  })

  it('never lets a maker pass, nor anybody through whom a maker could act', () => {
    const ids = ['a', 'b', 'c', 'd'] as const
    const some = fc.subarray([...ids])
    const sponsorship = fc.record({ a: some, b: some, c: some, d: some })
    fc.assert(
      fc.property(
        fc.constantFrom(...ids),
        some,
        some,
        fc.constantFrom(...ids),
        sponsorship,
        (id, makers, edited, submittedBy, sponsors) => {
          const ruling = mayDecide(
            question({
              officer: officer({ id, sponsors: sponsors[id] }),
              batch: { state: 'submitted', makers: edited },
              submission: { makers, submittedBy, digest: 'd1' },
              sponsorsOf: (who) => sponsors[who as (typeof ids)[number]],
            }),
          )
          if (!ruling.ok) return
          const all = new Set<string>([...makers, ...edited, submittedBy])
          expect(all.has(id)).toBe(false)
          for (const sponsor of sponsors[id]) expect(all.has(sponsor)).toBe(false)
        },
      ),
    )
  })
})
