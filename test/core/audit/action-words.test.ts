import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ChainFinding } from '../../../electron/core/central/claims/office-chains.ts'
import { catalogue } from '../../../shared/contract/errors.ts'
import { cycleMoves } from '../../../shared/rules/cycle-life.ts'
import { entitlementMoves } from '../../../shared/rules/entitlement-life.ts'

/** Codes that are put together from a value of the model; the source names only their beginning. */
const composed: Readonly<Record<string, readonly string[]>> = {
  'cycle.': Object.keys(cycleMoves),
  'entitlement.': Object.keys(entitlementMoves),
  'enrolment.': ['enrolled', 'paused', 'exited'],
  'import.': ['done', 'cancelled', 'failed', 'undone'],
  'central.chain-': ['cut', 'forked', 'unsigned'] satisfies ChainFinding[],
  'registrant.contact-': ['prefer', 'disable', 'enable', 'remove'],
}

const CODE = /(['`])([a-z][a-z]*\.[a-z-]*)(?:\$\{\w+\})?\1/g
/** Where an action is named: as `action`, or handed to a function that audits. */
const PLACES = [
  /\baction(?:: | = |\??: \w+ = )/g,
  /\baudit\w*\(/gi,
  /#command\(/g,
  /\bwrite\(/g,
  /#end\(/g,
  /\bchange\(/g,
]
/** As far as a call reaches; the next one is found by itself. */
const REACH = 260

function actionsIn(text: string): string[] {
  const found: string[] = []
  for (const place of PLACES) {
    for (const { index } of text.matchAll(place)) {
      for (const [whole, , code = ''] of text.slice(index, index + REACH).matchAll(CODE)) {
        if (whole.includes('${')) found.push(...(composed[code] ?? ['?']).map((end) => code + end))
        else found.push(code)
      }
    }
  }
  return found
}

const files = globSync(['electron/core/**/*.ts', 'electron/training/**/*.ts'])
const sources = files.map((file) => readFileSync(file, 'utf8'))
const actions = [...new Set(sources.flatMap(actionsIn))].filter((code) => !(code in catalogue)).sort()

test('the scan finds actions of every kind', () => {
  expect(actions).toEqual(
    expect.arrayContaining([
      'batch.approved',
      'officer.pin-reset',
      'session.locked',
      'manager.suspended',
      'cycle.approve',
    ]),
  )
})

test.each(['en', 'ar'])('every action of the trail has its words in %s', (language) => {
  const words = JSON.parse(readFileSync(`renderer/i18n/${language}/audit.json`, 'utf8')).actions
  const missing = actions.filter((code) => {
    const [group = '', name = ''] = code.split('.')
    return typeof words[group]?.[name] !== 'string'
  })
  expect(missing).toEqual([])
})
