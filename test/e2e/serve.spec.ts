import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
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

/** Starts the office by a command that starts it in turn, with the processes in a group of their own as a terminal has them. */
async function startBy(program: string, ...parameters: readonly string[]) {
  const data = await mkdtemp(join(tmpdir(), 'office-started-'))
  const child = spawn(program, [...parameters, '--json', '--data', data, '--port', '0'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { pid, origin }: { pid: number; origin: string } = JSON.parse(line)
    return { child, pid, origin, data }
  }
  throw new Error('the office did not open')
}

/** Whether another office may have the folder, which is so only when the first has let go of it. */
const opensAgain = async (data: string): Promise<boolean> => {
  const office = await startOffice({ data }).catch(() => undefined)
  return (await office?.close()) === 0
}

test.describe('on a system with signals', () => {
  test.skip(process.platform === 'win32', 'Windows has none')

  let started: { child: ChildProcess; pid: number; data: string } | undefined
  test.afterEach(async () => {
    if (!started) return
    try {
      process.kill(started.pid, 'SIGKILL')
    } catch {
      // It has ended, as it should.
    }
    await rm(started.data, { recursive: true, force: true })
  })

  test('the office ends in order when npm alone is told to end', async () => {
    started = await startBy('npm', 'run', '--silent', 'serve', '--')
    const { child, data } = started
    // Its own standard output closes when the last process that writes to it has ended: that is the office.
    const silent = once(child.stdout ?? child, 'close')
    child.stdout?.resume()
    child.kill('SIGTERM')
    await silent
    expect(await opensAgain(data)).toBe(true)
  })

  test('one Ctrl+C, which reaches every process of the terminal, ends the office in order', async () => {
    started = await startBy(process.execPath, 'electron/start.ts', '--browser-door')
    const { child } = started
    const ended = once(child, 'exit')
    process.kill(-(child.pid ?? 0), 'SIGINT')
    expect(await ended).toEqual([0, null])
  })
})
