import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { findPackedProgram } from './packed-program.ts'

/*
 * `npm run packed:open`: after `npm run dist`, opens the program as it is delivered, archive, fuses and all, in a folder of its own, and
 * enters the training office: with it the core's thread, the store and the built-in servers were started out of the archive. Its fuses
 * refuse the inspector of Node, so it is looked at through its window alone.
 */

const program = findPackedProgram(fileURLToPath(new URL('../../dist', import.meta.url)))
if (program === undefined) throw new Error('there is no packed program in dist; "npm run dist" makes one')
const data = mkdtempSync(join(tmpdir(), 'packed-office-'))
const office = spawn(program, ['--data', data, '--remote-debugging-port=0'], { stdio: ['ignore', 'inherit', 'pipe'] })
const ended = new Promise<void>((resolve) => office.once('exit', () => resolve()))
try {
  const browser = await chromium.connectOverCDP(await debuggingAddress())
  const [context] = browser.contexts()
  const page = context?.pages()[0] ?? (await context?.waitForEvent('page'))
  if (page === undefined) throw new Error('it opened no window')
  if (!page.url().startsWith('office://app/')) throw new Error(`its window shows ${page.url()}`)
  await page.getByRole('button', { name: /^Training office/ }).click()
  await page.getByText('Samir Haddad').first().waitFor({ timeout: 120_000 })
  process.stdout.write(`${JSON.stringify({ program, opened: true })}\n`)
} finally {
  office.kill()
  await ended
  rmSync(data, { recursive: true, force: true })
}

/** Chromium says on standard error where it listens. */
async function debuggingAddress(): Promise<string> {
  for await (const line of createInterface({ input: office.stderr })) {
    const address = /DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1]
    if (address !== undefined) return address
    process.stderr.write(`${line}\n`)
  }
  throw new Error('it ended before it listened')
}
