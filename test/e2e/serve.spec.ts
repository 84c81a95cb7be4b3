import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { startOffice } from './office.ts'

const serve = fileURLToPath(new URL('../../out/main/serve.js', import.meta.url))

/** Runs the door to its end, as a script would, and gives what it said. */
function runServe(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [serve, ...argv], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, stdout, stderr }
}

test('says in one sentence what is wrong with the command line', () => {
  const { status, stdout, stderr } = runServe('--json', '--port', 'many')
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toEqual({ error: 'arguments', message: '--port needs a number up to 65535.' })
  expect(stderr).toBe('--port needs a number up to 65535.\n')
})

test('refuses a port that is taken and a folder that is open, and leaves the first office alone', async ({ page }) => {
  const office = await startOffice()
  const other = await mkdtemp(join(tmpdir(), 'office-other-'))
  try {
    const port = new URL(office.origin).port
    const samePort = runServe('--json', '--data', other, '--port', port)
    expect({ status: samePort.status, ...JSON.parse(samePort.stdout) }).toMatchObject({
      status: 1,
      error: 'port-taken',
    })
    const sameFolder = runServe('--json', '--data', office.data, '--port', '0')
    expect({ status: sameFolder.status, ...JSON.parse(sameFolder.stdout) }).toMatchObject({
      status: 1,
      error: 'store.in-use',
    })
    expect((await page.goto(office.url))?.status()).toBe(200)
  } finally {
    expect(await office.close()).toBe(0)
    await rm(other, { recursive: true, force: true })
  }
})

test('ends in order on SIGTERM while a browser is open, and opens the same folder again', async ({ page }) => {
  const data = await mkdtemp(join(tmpdir(), 'office-again-'))
  try {
    for (let round = 0; round < 2; round += 1) {
      const office = await startOffice({ data })
      await page.goto(office.url)
      await expect(page.getByRole('button').first()).toBeVisible()
      expect(await office.close()).toBe(0)
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
