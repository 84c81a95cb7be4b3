import i18next, { type TFunction } from 'i18next'
import { beforeAll, expect, test } from 'vitest'
import { centralSentence, resultWords } from '../../../../renderer/components/central/central-words.ts'
import central from '../../../../renderer/i18n/en/central.json' with { type: 'json' }
import errors from '../../../../renderer/i18n/en/errors-central.json' with { type: 'json' }
import { createFormat } from '../../../../renderer/i18n/format.ts'
import type { CentralOverview } from '../../../../shared/contract/central.ts'

const format = createFormat('en-GB')
let t: TFunction<'central'>

beforeAll(async () => {
  const own = i18next.createInstance()
  await own.init({
    lng: 'en',
    ns: ['central', 'errors'],
    defaultNS: 'central',
    resources: { en: { central, errors } },
    interpolation: { escapeValue: false },
  })
  t = own.t as TFunction<'central'>
})

const overview = (
  status: Partial<CentralOverview['status']>,
  unsent: CentralOverview['unsent'],
  refused = 0,
): CentralOverview => ({
  status: {
    configured: true,
    host: 'centre.example.org',
    district: 'north',
    lastContactAt: Date.now() - 120_000,
    fault: null,
    stopped: [],
    phase: 'idle',
    firstFill: null,
    lastResult: null,
    ...status,
  },
  unsent,
  waiting: { conflicts: 0, refusals: 0, refused, quarantined: 0 },
})
const none = { batches: 0, people: 0, others: 0, oldestAt: null }
const say = (...[status, unsent]: Parameters<typeof overview>) => centralSentence(t, format, overview(status, unsent))

test('an office that works alone says nothing', () => {
  expect(say({ configured: false }, null)).toBeUndefined()
})

test('everything is there only when nothing is unsent, and says since when it was last in contact', () => {
  expect(say({}, none)).toEqual({ tone: 'good', words: 'All at the central server · 2 minutes ago' })
  expect(say({}, null)?.tone).toBe('waiting')
  expect(say({ lastContactAt: null }, none)?.tone).toBe('waiting')
  expect(centralSentence(t, format, overview({}, none, 1))).toEqual({
    tone: 'bad',
    words: 'Refused by the central server: 1 record',
  })
})

test('what is unsent is counted in batches and people, with the age of the oldest', () => {
  const oldestAt = Date.now() - 7_200_000
  expect(say({}, { batches: 3, people: 41, others: 0, oldestAt })).toEqual({
    tone: 'waiting',
    words: '3 batches and 41 registrants not yet at the central server, the oldest from 2 hours ago',
  })
  expect(say({}, { batches: 0, people: 1, others: 7, oldestAt })?.words).toContain('1 registrant and 7 other records')
  expect(say({}, { batches: 0, people: 0, others: 7, oldestAt })?.words).toMatch(/^7 records not yet/)
})

test('what stops the office comes before everything else, then the first fill', () => {
  const firstFill = { done: 34_000, total: 100_000 }
  expect(say({ firstFill }, none)).toEqual({ tone: 'waiting', words: 'First fill: 34,000 of 100,000' })
  const stopped = [{ code: 'central.office-revoked', params: {} }] as const
  expect(say({ firstFill, stopped }, none)).toMatchObject({
    tone: 'bad',
    words: expect.stringMatching(/^Stopped: This office may no longer send/),
  })
})

test('a contact tells what came of it', () => {
  const result = { came: 12, went: 3, refused: 1, conflicts: 0 }
  expect(resultWords(t, format, result)).toBe('Records: 12 came, 3 went and 1 was refused.')
  expect(resultWords(t, format, { came: 0, went: 0, refused: 0, conflicts: 0 })).toBe('Nothing new on either side.')
})

test('the training office says that the central server is its own', () => {
  expect(centralSentence(t, format, overview({}, none), true)?.words).toContain('training server')
})
