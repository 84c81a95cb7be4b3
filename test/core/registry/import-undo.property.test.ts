import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenOffice } from '../open-office.ts'
import { bringIn, CLERK, clerkOffice, enter, list, record } from './clerk-office.ts'

let office: OpenOffice
beforeAll(async () => {
  office = await clerkOffice()
  for (let number = 1; number <= 6; number++) {
    await enter(office, 'individual', { registryNumber: `N${number}`, name: `Known ${number}`, area: 'Adama' })
  }
})
afterAll(async () => {
  expect(office.faults).toEqual([])
  await office.close()
})

/** All that officers can see of the registry, without who changed it last. */
async function everything(): Promise<unknown[]> {
  const { rows } = await list(office)
  const pages = await Promise.all(rows.map(({ id }) => record(office, id)))
  return pages.map(({ view: { changedAt, changedBy, ...view }, memberships }) => ({ view, memberships }))
}

const cell = fc.oneof(
  fc.constantFrom(
    '',
    'Adama',
    '1980-02-30',
    '1980-02-28',
    'f',
    'x',
    '+251911234567',
    '"',
    '=1+1',
    'N1',
    '-5',
    '1e9',
    'NaN',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const row = fc.tuple(fc.constantFrom('N1', 'N2', 'N3', 'N7', 'N8', 'N9', ''), cell, cell, cell, cell)
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

test('any table comes in row by row or not at all, counts add up, and undo restores exactly', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('skip', 'update'),
      async (rows, existing) => {
        const before = await everything()
        const lines = [['Number', 'Name', 'Birthdate', 'Area', 'Phone'], ...rows].map((cells) =>
          cells.map(quoted).join(','),
        )
        const ended = await bringIn(office, lines.join('\r\n'), { existing: existing as 'skip' | 'update' })
        expect(ended.fault).toBeNull()
        const counts = ended.counts ?? { rows: 0, added: 0, updated: 0, skipped: 0, refused: 0 }
        expect(counts.added + counts.updated + counts.skipped + counts.refused).toBe(counts.rows)
        expect((await list(office)).total).toBe(before.length + counts.added)
        await office.get('registry.imports.undo', { id: ended.id }, CLERK)
        expect(await everything()).toEqual(before)
      },
    ),
    { numRuns: 12 },
  )
}, 180_000)
