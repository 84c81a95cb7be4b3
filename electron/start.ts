import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildIfStale } from './fresh-build.ts'
import { onParentGone } from './parent-watch.ts'
import { processEnvironment } from './process-environment.ts'
import { endInOrder } from './server/end-in-order.ts'

/*
 * `npm start` and `npm run serve`: builds what is missing or older than its sources, then opens the office by the door that
 * works here.
 */

// From here on, and not only when the office is open: building it takes a while.
const parent = process.ppid
const root = fileURLToPath(new URL('..', import.meta.url))
const electronPackage = join(root, 'node_modules', 'electron')
/** Long enough for the runtime over a middling line; without a line it fails within a second. */
const fetchPatience = 60_000
/** A fetch that failed is not tried again on the same day, so that starting stays quick where the runtime cannot be had. */
const retryAfter = 24 * 3600_000

const argv = process.argv.slice(2)
const own = new Set(['--browser-door', '--fetch-electron'])
const officeArguments = argv.filter((argument) => !own.has(argument))
const json = argv.includes('--json')

/** Words for the person who started it; with --json standard output belongs to the machine. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

/** The Electron program, if its runtime lies beside the package. */
function findElectron(): string | undefined {
  if (!existsSync(join(electronPackage, 'path.txt'))) return undefined
  const program = join(electronPackage, 'dist', readFileSync(join(electronPackage, 'path.txt'), 'utf8'))
  return existsSync(program) ? program : undefined
}

function fetchElectron(): void {
  const mark = join(root, 'out', 'electron-fetch-failed')
  const failedLately = existsSync(mark) && Date.now() - statSync(mark).mtimeMs < retryAfter
  if (failedLately && !argv.includes('--fetch-electron')) return
  say('Fetching the Electron runtime once; this takes up to a minute …')
  const installer = join(electronPackage, 'install.js')
  spawnSync(process.execPath, [installer], {
    cwd: root,
    stdio: 'ignore',
    timeout: fetchPatience,
    killSignal: 'SIGKILL',
  })
  if (findElectron() !== undefined) return
  mkdirSync(dirname(mark), { recursive: true })
  writeFileSync(mark, '')
}

/** Why the Electron door cannot be taken here, or undefined if it can. */
function findObstacle(): string | undefined {
  // Electron's sandbox does not work for root, and the office does not run without it.
  if (process.getuid?.() === 0) return 'Electron does not run for the root user'
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display for Electron'
  if (findElectron() === undefined) fetchElectron()
  return findElectron() === undefined ? 'the Electron runtime is not here and could not be fetched' : undefined
}

/**
 * Hands over to the door: its exit code is ours, and whoever ends us ends it in order. npm and its shell do not always hand a
 * signal on to us, so their end counts as one.
 */
function handOver(child: ChildProcess, end: (signal: NodeJS.Signals) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal))
  if (process.env.npm_lifecycle_event !== undefined) onParentGone(parent, () => end('SIGTERM'))
  child.on('error', (error) => {
    say(`The office could not be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 130)
  })
}

const env = processEnvironment(process.env)
if (!buildIfStale(root, say)) process.exit(1)
const obstacle = argv.includes('--browser-door') || json ? 'asked for' : findObstacle()
const electron = obstacle === undefined ? findElectron() : undefined
if (electron !== undefined) {
  const child = spawn(electron, [root, ...officeArguments], { cwd: root, stdio: 'inherit', env })
  handOver(child, (signal) => child.kill(signal))
} else {
  if (obstacle !== 'asked for') say(`Opening the office in the browser, since ${obstacle}.`)
  const program = [join(root, 'out', 'main', 'serve.js'), ...officeArguments]
  const child = spawn(process.execPath, program, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env,
  })
  // A message and no signal: one from the terminal reaches the office by itself, and a second one ends it at once.
  // One that has just ended needs no word any more.
  handOver(child, () => child.connected && child.send(endInOrder, () => undefined))
}
