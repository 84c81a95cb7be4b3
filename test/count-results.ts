import { z } from 'zod'

/** How many tests there were, and why some did not run. */
export interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly skips: readonly { readonly title: string; readonly reason: string }[]
}

export const noCount: Count = { passed: 0, failed: 0, skipped: 0, skips: [] }

export const sumCounts = (one: Count, other: Count): Count => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
  skips: [...one.skips, ...other.skips],
})

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

/** The report of vitest has no place for a reason; a test that is left out with one says it in its name. */
function skipOf(fullName: string): Count['skips'][number] {
  const [, title = fullName, reason = 'left out in the source'] = /^(.*) \(left out: (.*)\)$/.exec(fullName) ?? []
  return { title, reason }
}

/** Counts the JSON report of vitest. A file that could not even be loaded counts as one failure. */
export function countVitest(report: string): Count {
  return vitestReport.parse(JSON.parse(report)).testResults.reduce<Count>((sum, file) => {
    const counts = file.assertionResults.map(({ fullName, status }): Count => {
      if (status === 'passed') return { ...noCount, passed: 1 }
      if (status === 'failed') return { ...noCount, failed: 1 }
      return { ...noCount, skipped: 1, skips: [skipOf(fullName)] }
    })
    const broken = file.status === 'failed' && !counts.some(({ failed }) => failed > 0)
    return [...counts, broken ? { ...noCount, failed: 1 } : noCount].reduce(sumCounts, sum)
  }, noCount)
}

interface PlaywrightSuite {
  readonly specs: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly annotations: readonly { readonly type: string; readonly description?: string | undefined }[]
    }[]
  }[]
  readonly suites?: readonly PlaywrightSuite[] | undefined
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(
    z.object({
      title: z.string(),
      tests: z.array(
        z.object({
          status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
          annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(playwrightSuite).optional()
  },
})
const playwrightReport = z.object({ suites: z.array(playwrightSuite), errors: z.array(z.unknown()) })

/** Counts the JSON report of Playwright. A test that passed only when it was repeated counts as failed. */
export function countPlaywright(report: string): Count {
  const { suites, errors } = playwrightReport.parse(JSON.parse(report))
  return suites.map(countSuite).reduce(sumCounts, { ...noCount, failed: errors.length })
}

function countSuite(suite: PlaywrightSuite): Count {
  const own = suite.specs.flatMap(({ title, tests }) =>
    tests.map(({ status, annotations }): Count => {
      if (status === 'expected') return { ...noCount, passed: 1 }
      if (status !== 'skipped') return { ...noCount, failed: 1 }
      const reason = annotations.find(({ type }) => type === 'skip')?.description ?? 'left out in the source'
      return { ...noCount, skipped: 1, skips: [{ title, reason }] }
    }),
  )
  return [...own, ...(suite.suites ?? []).map(countSuite)].reduce(sumCounts, noCount)
}
