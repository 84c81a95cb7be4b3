import { describe, expect, it } from 'vitest'
import ar from '../../../renderer/i18n/ar/rules.json'
import en from '../../../renderer/i18n/en/rules.json'
import { ruleCodes } from '../../../shared/rules/codes.ts'
import { g2pConnectReasons, refusalsBeforeAcceptance, retryClass } from '../../../shared/rules/retry-class.ts'

const params: Record<string, readonly string[]> = Object.fromEntries([
  ...Object.entries(ruleCodes).map(([code, entry]) => [code, entry.params] as const),
  ...Object.keys(g2pConnectReasons).map((code) => [code, []] as const),
])

describe.each([
  ['English', en],
  ['Arabic', ar],
])('the %s sentences', (_, sentences: Record<string, string>) => {
  it('cover every code, once', () => {
    expect(Object.keys(sentences).sort()).toEqual(Object.keys(params).sort())
  })

  it('name only values that their code carries', () => {
    const stray = Object.entries(sentences).flatMap(([code, sentence]) =>
      [...sentence.matchAll(/\{\{(\w+)\}\}/g)]
        .filter((match) => !params[code]?.includes(match[1] ?? ''))
        .map((match) => `${code}: ${match[1]}`),
    )
    expect(stray).toEqual([])
  })
})

it('both languages name the same values', () => {
  const named = (sentences: Record<string, string>) =>
    Object.entries(sentences).map(([code, sentence]) => [code, new Set(sentence.match(/\{\{\w+\}\}/g))])
  expect(named(ar)).toEqual(named(en))
})

describe('retry classes', () => {
  it('take any duplicate for received and decide nothing about the unknown', () => {
    expect(['rjct.reference_id.duplicate', 'bank.payment.duplicate', 'rjct_srch_duplicate'].map(retryClass)).toEqual([
      'received',
      'received',
      'received',
    ])
    expect(['', 'rjct.payment.failed', 'constructor', 'fail'].map(retryClass)).toEqual(Array(4).fill('unknown'))
    expect(['err.service.unavailable', 'err.signature.invalid', 'rjct.payee_fa.invalid'].map(retryClass)).toEqual([
      'transient',
      'stop',
      'fix-data',
    ])
  })

  it('call only refusals of a payment’s own data proof that no money moved', () => {
    for (const code of refusalsBeforeAcceptance) {
      expect(g2pConnectReasons[code].scope).toBe('payment')
      expect(code).toMatch(/\.invalid$/)
    }
  })
})
