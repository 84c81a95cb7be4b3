import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

function newestChange(path: string): number {
  const status = statSync(path)
  if (!status.isDirectory()) return status.mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), status.mtimeMs)
}

function isBuilt(root: string): boolean {
  const built = ['main/main.js', 'main/serve.js', 'preload/preload.cjs', 'renderer/index.html'].map((file) =>
    join(root, 'out', file),
  )
  if (!built.every((file) => existsSync(file))) return false
  const sources = ['electron', 'shared', 'renderer', 'electron.vite.config.ts', 'package-lock.json'].map((name) =>
    join(root, name),
  )
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs))
  return Math.max(...sources.filter((path) => existsSync(path)).map(newestChange)) <= oldest
}

/**
 * Builds the office where that is missing or older than its sources.
 *
 * @returns false when it could not be built; `say` was told why
 */
export function buildIfStale(root: string, say: (sentence: string) => void): boolean {
  if (isBuilt(root)) return true
  say('Building the office …')
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const run = spawnSync(process.execPath, [tool, 'build', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8' })
  if (run.status === 0) return true
  say(`${run.stdout}${run.stderr}`)
  say('The office could not be built; the reason stands above.')
  return false
}
