import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemTime } from '../../../electron/core/clock/office-time.ts'
import { obstaclesTo } from '../../../electron/core/keeping/obstacles.ts'
import { runRules } from '../../../electron/core/keeping/run-rules.ts'
import { type KeepingRules, keepingRules, usualKeepingRules } from '../../../shared/model/keeping.ts'
import type { Payment } from '../../../shared/model/payment.ts'
import { type District, individual, openDistrict, PIN, put } from '../district.ts'
import { endCycle, findTraces, putPaidHousehold, type Traces } from './paid-household.ts'

const DAY = 86_400_000
const YEAR = 366 * DAY

/** All of them on, with the shortest periods there are. */
const shortest: KeepingRules = {
  people: { on: true, after: 1 },
  messages: { on: true, after: 3 },
  imports: { on: true, after: 30 },
  tokenRuns: { on: true, after: 30 },
  history: { on: true, after: 1 },
  copies: { on: true, after: 12 },
}

describe('rules of keeping', () => {
  let district: District
  let now: number

  beforeEach(async () => {
    now = Date.now()
    district = await openDistrict({ time: { ...systemTime, now: () => now } })
  })
  afterEach(() => district.close())

  const run = (rules: KeepingRules) =>
    runRules(district.office, {
      rules,
      now,
      isHeld: () => false,
      signal: new AbortController().signal,
    })
  const preview = (rules: KeepingRules) => district.office.keeping.preview(rules, { offset: 0, limit: 200 })

  const leave = (traces: Traces): void => {
    const { store } = district.office
    for (const id of store
      .sql('SELECT id FROM enrolment WHERE registrant_id = ?')
      .pluck()
      .all(traces.groupId) as string[]) {
      const { changedAt, changedBy, ...enrolment } = store.get('enrolment', id)
      put(district.office, 'enrolment', { ...enrolment, state: 'exited', endedOn: '2025-12-31' })
    }
  }

  it('remove nothing until an administrator switches one on', async () => {
    leave(putPaidHousehold(district, 1))
    endCycle(district)
    now += 60 * YEAR
    expect(Object.values(usualKeepingRules).every(({ on }) => !on)).toBe(true)
    expect(await run(usualKeepingRules)).toEqual({})
    // What they would remove is shown all the same.
    expect((await preview(usualKeepingRules)).counts.people).toEqual({ persons: 1, groups: 1, staying: 0 })
  })

  it('remove exactly what was shown, nothing of what is under way, and nothing the second time', {
    timeout: 240_000,
  }, async () => {
    const household = fc.record({
      state: fc.constantFrom<Payment['state']>('paid', 'rejected', 'cancelled', 'sent', 'review', 'queued'),
      left: fc.boolean(),
      ended: fc.boolean(),
      years: fc.constantFrom(0, 2),
    })
    let n = 0
    await fc.assert(
      fc.asyncProperty(fc.array(household, { minLength: 1, maxLength: 4 }), async (households) => {
        const { office } = district
        const made: { traces: Traces; mayGo: boolean }[] = []
        // Whoever is older first, so that the clock only goes on.
        for (const years of [2, 0]) {
          for (const one of households.filter((other) => other.years === years)) {
            n += 1
            const traces = putPaidHousehold(district, n)
            if (one.left) leave(traces)
            const { changedAt, changedBy, ...payment } = office.store.get('payment', traces.paymentId)
            put(office, 'payment', { ...payment, state: one.state })
            const isOver = ['paid', 'rejected', 'cancelled'].includes(one.state)
            made.push({ traces, mayGo: one.left && years === 2 && isOver })
          }
          now += years === 2 ? 2 * YEAR : 0
        }
        endCycle(district)
        const seen = await preview(shortest)
        const going = new Set(seen.people.map(({ id }) => id))
        for (const { traces, mayGo } of made) expect(going.has(traces.groupId)).toBe(mayGo)
        const underWay = made.filter(
          ({ traces }) => obstaclesTo((text) => office.store.sql(text), traces.groupId).length > 0,
        )
        const before = underWay.map(({ traces }) => JSON.stringify(office.store.get('registrant', traces.personId)))

        const removed = await run(shortest)

        expect(removed.people ?? 0).toBe((seen.counts.people.persons ?? 0) + (seen.counts.people.groups ?? 0))
        expect(removed.messages ?? 0).toBe(seen.counts.messages.messages)
        expect(removed.imports ?? 0).toBe((seen.counts.imports.rows ?? 0) + (seen.counts.imports.before ?? 0))
        for (const { traces, mayGo } of made) if (mayGo) expect(findTraces(office, traces.words.slice(1))).toEqual([])
        expect(underWay.map(({ traces }) => JSON.stringify(office.store.get('registrant', traces.personId)))).toEqual(
          before,
        )
        expect(await run(shortest)).toEqual({})
        for (const rule of keepingRules) {
          const { staying, ...rest } = (await preview(shortest)).counts[rule]
          expect(
            Object.values(rest).every((count) => count === 0),
            rule,
          ).toBe(true)
        }
      }),
      { numRuns: 8 },
    )
  })

  it('leave alone who lives in a household that stays, and who came back', async () => {
    const { office } = district
    const traces = putPaidHousehold(district, 1)
    const alone = individual('ALONE')
    put(office, 'registrant', alone)
    endCycle(district)
    now += 3 * YEAR
    const seen = await preview(shortest)
    expect(seen.people.map(({ id }) => id)).toEqual([alone.id])
    // Edited since: somebody knows the person again.
    put(office, 'registrant', { ...alone, area: 'South' })
    expect((await run(shortest)).people).toBeUndefined()
    expect(office.store.get('registrant', traces.personId).removed).toBe(false)
  })

  it('are set with the PIN, by the rules that were on the screen, and an import that was closed is not taken back', async () => {
    const { office } = district
    putPaidHousehold(district, 1)
    const administrator = office.store.get('officer', 'administrator')
    const rules = { ...usualKeepingRules, imports: { on: true, after: 30 } }
    await expect(office.keeping.change(administrator, '111111', usualKeepingRules, rules)).rejects.toThrow()
    expect(office.keeping.rules).toEqual(usualKeepingRules)
    await expect(office.keeping.change(administrator, PIN, rules, rules)).rejects.toThrow()
    await office.keeping.change(administrator, PIN, usualKeepingRules, rules)
    await office.keeping.run()
    expect(office.keeping.status).toMatchObject({ rules, running: false })
    expect(office.store.sql('SELECT state FROM import_run').pluck().all()).toEqual(['closed'])
    expect(office.store.sql('SELECT count(*) FROM import_before').pluck().get()).toBe(0)
    const actions = office.store.sql("SELECT action FROM audit WHERE action LIKE 'keeping.%'").pluck().all()
    expect(actions).toEqual(expect.arrayContaining(['keeping.rules-set', 'keeping.rows-removed', 'keeping.removed']))
  })
})
