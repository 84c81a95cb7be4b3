import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registrantId } from '../../../../shared/model/ids.ts'
import { individual, put } from '../../district.ts'
import { contentOf } from '../central-district.ts'
import { FilesOffice } from './files-district.ts'

const NAMES = ['one', 'two', 'three'] as const
const FIELDS = ['address', 'area', 'familyName'] as const
type Field = (typeof FIELDS)[number]

const who = fc.nat({ max: NAMES.length - 1 })
/** Each office has a field of a shared record, and a record of its own. */
const step = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), at: who }),
  fc.record({ do: fc.constant('write' as const), at: who, to: who }),
  fc.record({ do: fc.constant('read' as const), file: fc.nat() }),
)

describe('files read in any order and more than once', () => {
  const offices: FilesOffice[] = []
  beforeAll(async () => {
    for (const name of NAMES) offices.push(await FilesOffice.open(name))
    for (const office of offices) await office.knows(...offices.filter((other) => other !== office))
  }, 60_000)
  afterAll(async () => {
    for (const office of offices) await office.close()
  })
  let run = 0

  it('never take a record back, and all offices end alike with every edit', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        run += 1
        const shared = `S${run}`
        const own = (at: number): string => `O${run}-${at}`
        const readingOf = (office: FilesOffice, number: string, field: Field): number =>
          Number(office.store.find('registrant', registrantId(number))?.[field] || 0)
        const edit = (at: number, number: string, field: Field, value: number): void => {
          const office = offices[at] as FilesOffice
          const { changedAt, changedBy, ...draft } = office.store.get('registrant', registrantId(number))
          put(office.office, 'registrant', { ...draft, [field]: String(value) }, 'clerk')
        }
        const exchange = async (): Promise<void> => {
          for (const from of offices) {
            for (const to of offices) if (from !== to) await to.read((await from.write(to)).path)
          }
        }
        put((offices[0] as FilesOffice).office, 'registrant', individual(shared, { familyName: '', area: '' }))
        for (const at of NAMES.keys()) {
          put((offices[at] as FilesOffice).office, 'registrant', individual(own(at), { familyName: '', area: '' }))
        }
        await exchange()

        let edits = 0
        const latest = new Map<string, number>()
        const files: { path: string; to: number }[] = []
        for (const one of steps) {
          if (one.do === 'edit') {
            edits += 1
            edit(one.at, shared, FIELDS[one.at] as Field, edits)
            edit(one.at, own(one.at), 'address', edits)
            latest.set(shared + one.at, edits)
          } else if (one.do === 'write') {
            const to = one.to === one.at ? (one.to + 1) % NAMES.length : one.to
            const { path } = await (offices[one.at] as FilesOffice).write(offices[to] as FilesOffice)
            files.push({ path, to })
          } else if (files.length > 0) {
            const { path, to } = files[one.file % files.length] as (typeof files)[number]
            const reader = offices[to] as FilesOffice
            const seen = NAMES.keys().map((at) => [
              readingOf(reader, shared, FIELDS[at] as Field),
              readingOf(reader, own(at), 'address'),
            ])
            const before = [...seen].flat()
            await reader.read(path)
            const after = [...NAMES.keys()].flatMap((at) => [
              readingOf(reader, shared, FIELDS[at] as Field),
              readingOf(reader, own(at), 'address'),
            ])
            for (const [index, value] of after.entries()) expect(value).toBeGreaterThanOrEqual(before[index] as number)
          }
        }
        await exchange()
        await exchange()
        for (const office of offices) {
          for (const at of NAMES.keys()) {
            expect(readingOf(office, shared, FIELDS[at] as Field)).toBe(latest.get(shared + at) ?? 0)
            expect(readingOf(office, own(at), 'address')).toBe(latest.get(shared + at) ?? 0)
          }
          expect(contentOf(office)).toEqual(contentOf(offices[0] as FilesOffice))
          expect(office.store.sql('SELECT count(*) FROM central_conflict').pluck().get()).toBe(conflictsOf(office))
        }
      }),
      { numRuns: 5, endOnFailure: true },
    )
  })
})

/** Only the officers whom every test office made by itself differ from the first. */
const conflictsOf = ({ store }: FilesOffice): unknown =>
  store.sql("SELECT count(*) FROM central_conflict WHERE kind = 'officer'").pluck().get()
