import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, expect, test } from '@playwright/test'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The Electron program beside its package; the package itself would start a download when asked. */
function findProgram(): string | undefined {
  const folder = join(root, 'node_modules', 'electron')
  if (!existsSync(join(folder, 'path.txt'))) return undefined
  const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
  return existsSync(program) ? program : undefined
}

function findObstacle(): string | undefined {
  if (findProgram() === undefined) return 'the Electron runtime is not installed; "npx install-electron" fetches it'
  if (process.getuid?.() === 0) return 'Electron keeps its sandbox on and so does not run as root'
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY)
    return 'there is no display; "xvfb-run npm test" gives one'
  return undefined
}

test('opens the office in a hardened window and closes it in order', async () => {
  const obstacle = findObstacle()
  if (obstacle !== undefined) process.stdout.write(`Electron end-to-end test skipped: ${obstacle}\n`)
  test.skip(obstacle !== undefined, obstacle)

  const data = await mkdtemp(join(tmpdir(), 'office-electron-'))
  const office = await _electron.launch({
    executablePath: findProgram() ?? '',
    args: [root, '--data', data],
  })
  try {
    const window = await office.firstWindow()
    await expect(window.getByRole('button').first()).toBeVisible()
    expect(window.url()).toMatch(/^office:\/\/app\/index\.html/)
    const seen = await window.evaluate(async () => ({
      bridge: Object.keys((globalThis as { fieldOffice?: object }).fieldOffice ?? {}),
      node: typeof (globalThis as { process?: unknown }).process,
      outside: await fetch('https://example.org/').then(
        () => 'reached',
        () => 'kept',
      ),
      opened: globalThis.open('https://example.org/') === null,
    }))
    expect(seen).toEqual({ bridge: ['connect'], node: 'undefined', outside: 'kept', opened: true })
    const others = await office.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    expect(others).toBe(1)
  } finally {
    await office.close()
    await rm(data, { recursive: true, force: true })
  }
})
