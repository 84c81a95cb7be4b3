import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Officer, Role } from '../../../shared/model/officer.ts'
import { areApart, mayDecide } from '../../../shared/rules/batch-life.ts'
import { findMakerRefusal } from '../../../shared/rules/cycle-life.ts'
import { actingAt, delegableRoles, findDelegationRefusal } from '../../../shared/rules/delegation.ts'

type Person = Pick<Officer, 'id' | 'roles' | 'state' | 'removed' | 'sponsors' | 'delegations'>

const DAY = 86_400_000
const person = (id: string, ...roles: Role[]): Person => ({ id, roles, state: 'active', removed: false, sponsors: [] })

/** An office in which delegations are arranged as the core arranges them. */
class Staff {
  readonly people = new Map<string, Person>()
  #lastId = 0
  constructor(...people: Person[]) {
    for (const one of people) this.people.set(one.id, one)
  }
  readonly find = (id: string): Person | undefined => this.people.get(id)
  get(id: string): Person {
    return this.people.get(id) as Person
  }
  arrange(to: string, from: string, role: (typeof delegableRoles)[number], begins: number, ends: number, by = 'admin') {
    const before = this.get(to)
    const refusal = findDelegationRefusal(before, this.get(from), { role, begins, ends }, 0)
    if (refusal !== undefined || by === to) return refusal ?? 'identity.own-record'
    this.#lastId += 1
    const delegation = { id: `d${this.#lastId}`, from, role, begins, ends, by }
    const delegations = [...(before.delegations ?? []), delegation]
    this.people.set(to, { ...before, delegations, sponsors: [...before.sponsors, from, by] })
    return undefined
  }
  roles(id: string, at: number): readonly Role[] {
    return actingAt(this.get(id), at, this.find).roles
  }
  mayApprove(id: string, makers: string[], at: number): boolean {
    return mayDecide({
      verdict: 'approve',
      officer: actingAt(this.get(id), at, this.find),
      batch: { state: 'submitted', makers },
      submission: { makers, submittedBy: makers[0] as string, digest: 'd' },
      digestSeen: 'd',
      approvedBy: [],
      sponsorsOf: (other) => this.find(other)?.sponsors,
    }).ok
  }
}

describe('standing in for somebody', () => {
  test('lasts from its first moment until before its last, and ends by itself', () => {
    const staff = new Staff(person('admin', 'administrator'), person('a', 'approver'), person('b', 'clerk'))
    expect(staff.arrange('b', 'a', 'approver', DAY, 3 * DAY)).toBeUndefined()
    expect([0, DAY, 3 * DAY - 1, 3 * DAY].map((at) => staff.roles('b', at).includes('approver'))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(staff.mayApprove('b', ['c'], 2 * DAY)).toBe(true)
    expect(staff.mayApprove('b', ['c'], 4 * DAY)).toBe(false)
  })

  test('ends when who is stood in for loses the role, is suspended or gone; and is never passed on', () => {
    const staff = new Staff(person('admin'), person('a', 'approver'), person('b', 'clerk'), person('c', 'clerk'))
    staff.arrange('b', 'a', 'approver', 0, 9 * DAY)
    expect(staff.arrange('c', 'b', 'approver', 0, 9 * DAY)).toBe('identity.delegation-not-theirs')
    const whole = staff.get('a')
    for (const less of [{ roles: ['auditor' as const] }, { state: 'suspended' as const }, { removed: true }]) {
      staff.people.set('a', { ...whole, ...less })
      expect(staff.roles('b', DAY)).toEqual(['clerk'])
    }
  })

  test.each([
    ['to oneself', 'a', 'a', 'approver', 0, DAY, 'identity.delegation-to-self'],
    ['of a role that is not there', 'b', 'a', 'auditor', 0, DAY, 'identity.delegation-not-theirs'],
    ['of a role one has', 'a2', 'a', 'approver', 0, DAY, 'identity.delegation-needless'],
    ['that ends before it begins', 'b', 'a', 'approver', 2 * DAY, DAY, 'identity.delegation-time'],
    ['that is over', 'b', 'a', 'approver', -2 * DAY, -DAY, 'identity.delegation-time'],
    ['for half a year', 'b', 'a', 'approver', 0, 180 * DAY, 'identity.delegation-time'],
    ['of the preparing by who also approves', 'a2', 'both', 'clerk', 0, DAY, 'identity.delegation-both-sides'],
  ] as const)('is refused %s', (_, to, from, role, begins, ends, code) => {
    const staff = new Staff(
      person('a', 'approver'),
      person('a2', 'approver'),
      person('b', 'clerk'),
      person('both', 'clerk', 'approver'),
    )
    expect(staff.arrange(to, from, role, begins, ends)).toBe(code)
  })

  test('never lets anybody check what they made, what who is stood in for made, or what who arranged it made', () => {
    const ids = ['admin', 'p1', 'p2', 'p3', 'p4']
    const role = fc.constantFrom<Role>('clerk', 'approver', 'administrator', 'auditor')
    const people = fc.tuple(...ids.map(() => fc.uniqueArray(role, { minLength: 1, maxLength: 3 })))
    const step = fc.record({
      to: fc.constantFrom(...ids),
      from: fc.constantFrom(...ids),
      by: fc.constantFrom(...ids),
      role: fc.constantFrom(...delegableRoles),
      begins: fc.integer({ min: -5, max: 10 }),
      days: fc.integer({ min: -1, max: 40 }),
    })
    const makers = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(
        people,
        fc.array(step, { maxLength: 8 }),
        makers,
        fc.integer({ min: 0, max: 45 }),
        (roles, steps, made, day) => {
          const staff = new Staff(...ids.map((id, at) => person(id, ...(roles[at] as Role[]))))
          for (const { to, from, by, role: lent, begins, days } of steps) {
            staff.arrange(to, from, lent, begins * DAY, (begins + days) * DAY, by)
          }
          for (const id of ids) {
            const officer = staff.get(id)
            const behind = [id, ...(officer.delegations ?? []).flatMap(({ from, by }) => [from, by])]
            const isMade = made.some((maker) => behind.includes(maker))
            const acting = actingAt(officer, day * DAY, staff.find)
            const sponsorsOf = (other: string) => staff.find(other)?.sponsors
            if (isMade) {
              expect(staff.mayApprove(id, made, day * DAY)).toBe(false)
              expect(findMakerRefusal(acting, made, sponsorsOf)).toBeDefined()
            }
            for (const other of behind) expect(areApart(id, other, sponsorsOf)).toBe(false)
            // Nothing but one's own roles and those of people who have them themselves.
            for (const extra of acting.roles.filter((one) => !officer.roles.includes(one))) {
              expect(delegableRoles).toContain(extra)
              expect((officer.delegations ?? []).some(({ from }) => staff.get(from).roles.includes(extra))).toBe(true)
            }
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  test('gives an office with one approver nobody who checks the own work of that one', () => {
    const staff = new Staff(person('admin', 'administrator'), person('a', 'clerk', 'approver'), person('b', 'clerk'))
    expect(staff.mayApprove('a', ['b'], 0)).toBe(true)
    expect(staff.mayApprove('a', ['a'], 0)).toBe(false)
    staff.arrange('b', 'a', 'approver', 0, 9 * DAY)
    expect(staff.mayApprove('b', ['a'], DAY)).toBe(false)
    expect(staff.mayApprove('b', ['b'], DAY)).toBe(false)
    expect(staff.mayApprove('b', ['admin'], DAY)).toBe(false)
    expect(staff.mayApprove('a', ['b'], DAY)).toBe(true)
  })
})
