import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { registrantId } from '../../../shared/model/ids.ts'
import type { ReplicaDocument } from '../../../shared/model/replica.ts'
import { type District, individual, openDistrict, phone, put } from '../../core/district.ts'
import { openWindow, type Window } from '../../core/replica/window.ts'
import { Page } from './page.ts'

const FIELDS = ['area', 'address', 'givenName'] as const
type Field = (typeof FIELDS)[number]
const PEOPLE = 2
const person = (n: number) => registrantId(`P${n}`)

type Step =
  | { readonly kind: 'here'; readonly n: number; readonly field: Field; readonly value: string }
  | { readonly kind: 'office'; readonly n: number; readonly field: Field; readonly value: string }
  | { readonly kind: 'office removes'; readonly n: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'mend' }
  | { readonly kind: 'wait' }

const edit = (kind: 'here' | 'office') =>
  fc.record({
    kind: fc.constant(kind),
    n: fc.integer({ min: 1, max: PEOPLE }),
    field: fc.constantFrom(...FIELDS),
    // Two values of each side are enough to meet; a very long one is refused by the rules.
    value: fc.constantFrom(`${kind} one`, `${kind} two`, 'same', ...(kind === 'here' ? ['x'.repeat(600)] : [])),
  })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: edit('here') },
  { weight: 4, arbitrary: edit('office') },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('office removes' as const), n: fc.integer({ min: 1, max: PEOPLE }) }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ kind: 'cut' }, { kind: 'mend' }, { kind: 'wait' }) },
)

let district: District
let window: Window
let page: Page

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  district = await openDistrict()
  window = await openWindow(district, 'clerk')
  page = new Page(window)
  await page.keeper.open()
})

afterEach(async () => {
  await page.close()
  window.close()
  await district.close()
})

test('however edits here and in the office fall together, both sides end equal and every edit is kept or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const { store } = district.office
      const revert = (n: number) => put(district.office, 'registrant', individual(`P${n}`, { phoneNumbers: phone(n) }))
      for (let n = 1; n <= PEOPLE; n += 1) revert(n)
      const ids = Array.from({ length: PEOPLE }, (_, n) => person(n + 1))
      const release = page.replica.hold('registrants', ids)
      await vi.waitFor(async () => {
        for (const id of ids)
          expect((await page.read('registrants', id))?.changedAt).toBe(store.get('registrant', id).changedAt)
      }, 60_000)
      page.refusals.length = 0
      const office = new Map<string, string>()
      const here = new Map<string, string>()

      for (const one of steps) {
        if (one.kind === 'cut' || one.kind === 'mend') window.cut(one.kind === 'cut')
        else if (one.kind === 'wait') await new Promise((resolve) => setTimeout(resolve, 30))
        else if (one.kind === 'office removes') {
          const { changedAt, changedBy, ...before } = store.get('registrant', person(one.n))
          put(district.office, 'registrant', { ...before, removed: true }, 'other')
        } else if (one.kind === 'office') {
          const { changedAt, changedBy, ...before } = store.get('registrant', person(one.n))
          put(district.office, 'registrant', { ...before, [one.field]: one.value }, 'other')
          office.set(`${person(one.n)} ${one.field} ${one.value}`, one.value)
        } else {
          await page.replica.edit('registrants', person(one.n), { [one.field]: one.value })
          here.set(`${person(one.n)} ${one.field}`, one.value)
        }
      }
      window.cut(false)

      await vi.waitFor(async () => {
        for (const id of ids) {
          const kept = store.get('registrant', id)
          const shown = (await page.read('registrants', id)) as ReplicaDocument<'registrants'>
          expect(shown.changedAt).toBe(kept.changedAt)
          for (const field of [...FIELDS, 'removed', 'name'] as const) expect(shown[field]).toEqual(kept[field])
          expect(page.draft('registrants', id)?.changes ?? {}).toEqual({})
        }
      }, 60_000)

      // The last value that was written here for a field is in the record's history, or stands in a refusal.
      for (const [place, value] of here) {
        const [id = '', field = ''] = place.split(' ')
        const history = store
          .sql("SELECT changes FROM revision WHERE kind = 'registrant' AND record_id = ?")
          .pluck()
          .all(id) as string[]
        const isKept = history.some((text) => JSON.parse(text)[field]?.to === value)
        // Where nobody else wrote, the last value stands: a value that stood there before, too.
        const isAlone = steps.every((one) => one.kind !== 'office' || `${person(one.n)} ${one.field}` !== place)
        const stands = (store.get('registrant', id as (typeof ids)[number]) as Record<string, unknown>)[field] === value
        const isRefused = page.refusals.some((refused) => refused.id === id && refused.mine[field] === value)
        expect({ place, kept: isRefused || (isAlone ? stands : isKept) }).toEqual({ place, kept: true })
      }
      // Nothing that the office wrote was overwritten by an edit that had not seen it: contacts are as they were.
      for (let n = 1; n <= PEOPLE; n += 1) expect(store.get('registrant', person(n)).phoneNumbers).toEqual(phone(n))
      release()
    }),
    {
      numRuns: 20,
      // What depends on timing does not shrink.
      endOnFailure: true,
      // The same edit twice: the second changes nothing and nobody answers it.
      examples: [
        [
          [
            { kind: 'here', n: 2, field: 'address', value: 'here one' },
            { kind: 'wait' },
            { kind: 'here', n: 2, field: 'address', value: 'here one' },
            { kind: 'office', n: 1, field: 'area', value: 'office one' },
          ],
        ],
      ],
    },
  )
}, 600_000)
