import { useMemo } from 'react'
import type { Moment } from '../../shared/model/record.ts'
import { formatAmount } from '../../shared/rules/money.ts'
import { type Language, usePreferences } from '../state/preferences.ts'

/** Numbers, money and dates in the officer's language and the machine's habits. */
export interface Format {
  readonly locale: string
  /** Money of minor units, exact, with its code: `ETB 1,250.00`. */
  money(minor: number, currency: string): string
  number(value: number): string
  /** 0.25 → `25 %`. */
  percent(share: number): string
  /** A calendar day, `YYYY-MM-DD` → `21 Nov 2026`. */
  day(day: string): string
  /** A moment of the hybrid clock, or epoch milliseconds → `21 Nov 2026, 14:05`. */
  moment(moment: Moment | number): string
  /** The same as a distance from now: `5 minutes ago`. */
  ago(moment: Moment | number, now?: number): string
  /** `a, b and c`. */
  list(items: readonly string[]): string
  /** `12.4 MB`. */
  fileSize(bytes: number): string
}

/** Epoch milliseconds of a moment of the hybrid clock (its first nine base-36 digits). */
export const millisecondsOf = (moment: Moment | number): number =>
  typeof moment === 'number' ? moment : Number.parseInt(moment.slice(0, 9), 36)

/** The system's own variant of the language if it has one (`ar-EG`, `en-GB`), since it decides digits and date order. */
export function localeOf(language: Language, systemLanguages: readonly string[]): string {
  return systemLanguages.find((tag) => tag.split('-')[0] === language && tag !== language) ?? defaultLocale[language]
}

const defaultLocale: Record<Language, string> = { en: 'en-GB', ar: 'ar' }

const units = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const satisfies readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]

/** All formatters of one locale, each made once. */
export function createFormat(locale: string): Format {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    locale,
    money: (minor, currency) => formatAmount(minor, currency, locale),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    day: (value) => day.format(new Date(`${value}T00:00:00Z`)),
    moment: (value) => moment.format(millisecondsOf(value)),
    ago(value, now = Date.now()) {
      const distance = millisecondsOf(value) - now
      const [unit, length] = units.find(([, length]) => Math.abs(distance) >= length) ?? ['second', 1_000]
      return relative.format(Math.round(distance / length), unit)
    },
    list: (items) => list.format(items),
    fileSize(bytes) {
      const step = bytes < 1_000_000 ? 'kilobyte' : 'megabyte'
      const value = bytes / (step === 'kilobyte' ? 1_000 : 1_000_000)
      return new Intl.NumberFormat(locale, { style: 'unit', unit: step, maximumFractionDigits: 1 }).format(value)
    },
  }
}

const formats = new Map<string, Format>()

/** The formatters of the chosen language. */
export function useFormat(): Format {
  const language = usePreferences((preferences) => preferences.language)
  return useMemo(() => {
    const locale = localeOf(language, navigator.languages)
    const format = formats.get(locale) ?? createFormat(locale)
    formats.set(locale, format)
    return format
  }, [language])
}
