import { type KeepingRule, type KeepingRules, keepingPeriods } from '../../../shared/model/keeping.ts'

/** The time before which a rule removes: epoch milliseconds, and as a moment of the office's clock. */
export interface CutOff {
  readonly time: number
  readonly moment: string
}

/** Calendar years and months count in UTC, so that every office counts alike. */
export function cutOffOf(rules: KeepingRules, rule: KeepingRule, now: number): CutOff {
  const { after } = rules[rule]
  const { unit } = keepingPeriods[rule]
  const date = new Date(now)
  if (unit === 'years') date.setUTCFullYear(date.getUTCFullYear() - after)
  else if (unit === 'months') date.setUTCMonth(date.getUTCMonth() - after)
  else date.setUTCDate(date.getUTCDate() - after)
  const time = Math.max(0, date.getTime())
  return { time, moment: time.toString(36).padStart(9, '0') }
}
