import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { ADMIN_PIN, OpenOffice, PASSPHRASE } from '../open-office.ts'

const script = fileURLToPath(new URL('./make-office.ts', import.meta.url))

/** Makes an office in another process, which is killed as soon as a file is there. */
async function killedAt(directory: string, file: string): Promise<void> {
  const child = spawn(process.execPath, [script, directory, PASSPHRASE, ADMIN_PIN], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (child.exitCode === null && !existsSync(join(directory, file))) await pause(1)
  child.kill('SIGKILL')
  await ended
}

test.each([
  ['before anything is there', 'in-use'],
  ['with its key alone', 'office-being-made/keys.json'],
  ['with an empty store', 'office-being-made/office.db'],
  ['before it has its name', 'office-being-made/installation.json'],
  ['when it has just got its name', 'office'],
])('an office whose making is killed %s can be made anew, or is whole', { timeout: 120_000 }, async (_, file) => {
  const directory = mkdtempSync(join(tmpdir(), 'half-made-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  await killedAt(directory, file)
  const office = new OpenOffice({ dataDirectory: directory })
  onTestFinished(() => office.close({ keep: true }))
  await office.core.start()
  expect(readdirSync(directory)).not.toContain('office-being-made')
  const { state } = await office.get<{ state: string }>('setup.status')
  if (state === 'none') {
    const officer = { name: 'Almaz Bekele', login: 'almaz', pin: ADMIN_PIN }
    await office.get('setup.create', { officeName: 'District office', passphrase: PASSPHRASE, officer })
  } else await office.get('setup.unlock', { passphrase: PASSPHRASE })
  const { officers } = await office.get<{ officers: { id: string }[] }>('setup.status')
  expect(officers).toHaveLength(1)
  await office.get('session.signIn', { officerId: officers[0]?.id, pin: ADMIN_PIN })
  expect(await office.get('setup.office')).toMatchObject({ soleOffice: true })
  expect(await office.get('dispatch.status')).toMatchObject({ doubt: null })
})
