import { describe, expect, it } from 'vitest'
import { countPlaywright, countVitest, sumCounts } from './count-results.ts'

describe('countVitest', () => {
  it('counts every test, and a file that did not load as a failure', () => {
    const report = JSON.stringify({
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [
            { fullName: 'a holds', status: 'passed' },
            { fullName: 'a breaks', status: 'failed' },
            { fullName: 'a waits', status: 'pending' },
            { fullName: 'a asks (left out: no server)', status: 'skipped' },
          ],
        },
        { name: 'b.test.ts', status: 'failed', assertionResults: [] },
      ],
    })
    expect(countVitest(report)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      skips: [
        { title: 'a waits', reason: 'left out in the source' },
        { title: 'a asks', reason: 'no server' },
      ],
    })
  })
})

describe('countPlaywright', () => {
  const test = (status: string, annotations: unknown[] = []) => ({ title: status, tests: [{ status, annotations }] })

  it('counts through nested suites, takes what passed only when it was repeated as failed, and keeps the reason of a skip', () => {
    const report = JSON.stringify({
      errors: [{ message: 'no browser' }],
      suites: [
        {
          specs: [test('expected'), test('unexpected')],
          suites: [{ specs: [test('flaky'), test('skipped', [{ type: 'skip', description: 'no runtime' }])] }],
        },
      ],
    })
    expect(countPlaywright(report)).toEqual({
      passed: 1,
      failed: 3,
      skipped: 1,
      skips: [{ title: 'skipped', reason: 'no runtime' }],
    })
  })
})

it('sums both kinds', () => {
  const one = { passed: 1, failed: 2, skipped: 3, skips: [{ title: 'a', reason: 'b' }] }
  expect(sumCounts(one, one)).toMatchObject({ passed: 2, failed: 4, skipped: 6 })
})
