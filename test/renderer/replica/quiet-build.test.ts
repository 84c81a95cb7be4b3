import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bundle } from '../../bench/replica/fill-in-browser.ts'

test('the built replica has no development mode: no frame of another origin, no calls home', async () => {
  const script = await bundle(fileURLToPath(new URL('./keeper-page.ts', import.meta.url)))
  const has = (mark: string): boolean => script.toLowerCase().includes(mark)
  // It is the replica that was built.
  expect(has('rxdb-dexie-')).toBe(true)
  const forbidden = ['dev-mode-iframe', 'rxdb.info/html', 'iframe', 'sendbeacon', 'xmlhttprequest']
  expect(forbidden.filter(has)).toEqual([])
}, 120_000)
