import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Fault } from '../../../shared/contract/result.ts'
import { type ConformanceCheck, conformanceChecks } from '../../../shared/model/conformance.ts'
import type { SelfTestResult } from './self-test.ts'

/*
 * What the self-tests of all channels have in common.
 */

/** Clocks that differ by more than this are off, in milliseconds; signatures and times are refused beyond it. */
const CLOCKS_APART = 5 * 60_000
const CLOCKS_WORTH_A_LOOK = 60_000

export const result = (
  check: ConformanceCheck,
  outcome: SelfTestResult['outcome'],
  code?: ErrorCode,
  params: Fault['params'] = {},
): SelfTestResult => ({ check, outcome, finding: code === undefined ? null : { code, params } })

export const foundBy = (check: ConformanceCheck, outcome: 'doubt' | 'bad', finding: Fault): SelfTestResult => ({
  check,
  outcome,
  finding,
})

/** @param offset their clock minus ours, milliseconds; undefined when nobody told */
export function judgeClock(offset: number | undefined): SelfTestResult {
  if (offset === undefined) return result('clock', 'doubt', 'conformance.clock-unknown')
  const apart = Math.abs(offset)
  const seconds = Math.round(apart / 1000)
  if (apart > CLOCKS_APART) return result('clock', 'bad', 'conformance.clock-off', { seconds })
  if (apart > CLOCKS_WORTH_A_LOOK) return result('clock', 'doubt', 'conformance.clock-off', { seconds })
  return result('clock', 'good')
}

/** Every check exactly once: those that were not looked at come last, as not tried. Others mean nothing to the channel. */
export async function* everyCheck(
  found: AsyncIterable<SelfTestResult>,
  checks: readonly ConformanceCheck[] = conformanceChecks,
): AsyncGenerator<SelfTestResult> {
  const told = new Set<ConformanceCheck>()
  for await (const one of found) {
    told.add(one.check)
    yield one
  }
  for (const check of checks) if (!told.has(check)) yield result(check, 'not-tried')
}
