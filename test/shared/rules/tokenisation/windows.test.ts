import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findFormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import {
  askablePortions,
  filteredUrl,
  nextWindow,
  submissionsFilter,
  windowFilter,
  windowOfDays,
} from '../../../../shared/rules/tokenisation/windows.ts'

const SERVER = 'https://odk.example.org'
const FORM = `${SERVER}/v1/projects/3/forms/household%20registration.svc`
const none = { baseUrl: '', odataUrl: '', projectId: '', formId: '' }
const every = ['received', 'edited', 'hasIssues', 'approved', 'rejected'] as const

describe('where a form is', () => {
  test.each([FORM, `${FORM}/`, `${FORM}/Submissions`, `${FORM}/Submissions?$top=1`])('%s', (odataUrl) => {
    expect(findFormAddress({ ...none, odataUrl })).toEqual({
      baseUrl: SERVER,
      projectId: '3',
      formId: 'household registration',
      submissionsUrl: `${FORM}/Submissions`,
    })
  })

  test('by project and form, whatever slashes the address ends with', () => {
    const named = { ...none, projectId: '3', formId: 'household registration' }
    expect(findFormAddress({ ...named, baseUrl: `${SERVER}//` })?.submissionsUrl).toBe(`${FORM}/Submissions`)
    expect(findFormAddress({ ...named, baseUrl: `${SERVER}/v1` })?.submissionsUrl).toBe(`${FORM}/Submissions`)
    expect(findFormAddress({ ...none, baseUrl: SERVER, odataUrl: `${SERVER}/v1/projects` })).toBeUndefined()
    expect(findFormAddress(none)).toBeUndefined()
  })
})

describe('which submissions are asked for', () => {
  test('from the newest that Central named, less the overlap; edits and reviews move into it', () => {
    const window = nextWindow('2026-03-01T10:00:00.000Z', 15)
    expect(window).toEqual({ from: '2026-03-01T09:45:00.000Z', before: null })
    expect(windowFilter(window, { includeEdits: true, reviewStates: [...every] })).toBe(
      '(__system/submissionDate ge 2026-03-01T09:45:00.000Z or __system/updatedAt ge 2026-03-01T09:45:00.000Z)',
    )
    expect(windowFilter(window, { includeEdits: false, reviewStates: [...every] })).toBe(
      '__system/submissionDate ge 2026-03-01T09:45:00.000Z',
    )
    expect(windowFilter(nextWindow(null, 15), { includeEdits: true, reviewStates: [...every] })).toBe('')
  })

  test('what is approved late is not missed', () => {
    expect(
      windowFilter(nextWindow('2026-03-01T10:00:00.000Z', 0), { includeEdits: false, reviewStates: ['approved'] }),
    ).toBe(
      "(__system/submissionDate ge 2026-03-01T10:00:00.000Z or __system/updatedAt ge 2026-03-01T10:00:00.000Z) and (__system/reviewState eq 'approved')",
    )
    expect(windowFilter({ from: null, before: null }, { includeEdits: true, reviewStates: ['received'] })).toBe(
      '(__system/reviewState eq null)',
    )
  })

  test('whole days of a one-time job, the last one included', () => {
    expect(windowOfDays('2026-02-01', '2026-02-28')).toEqual({
      from: '2026-02-01T00:00:00.000Z',
      before: '2026-03-01T00:00:00.000Z',
    })
  })

  test('portions keep every submission once, in order, in addresses that servers take', () => {
    const ids = fc.array(
      fc.uuid().map((id) => ({ submissionId: `uuid:${id}` })),
      { maxLength: 300 },
    )
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 500 }), (all, most) => {
        const portions = askablePortions(all, most)
        expect(portions.flat()).toEqual(all)
        for (const portion of portions) {
          expect(portion.length).toBeLessThanOrEqual(most)
          const url = filteredUrl(`${FORM}/Submissions`, submissionsFilter(portion.map((one) => one.submissionId)))
          expect(url.length).toBeLessThan(6_000)
        }
      }),
      { numRuns: 30 },
    )
  })
})
