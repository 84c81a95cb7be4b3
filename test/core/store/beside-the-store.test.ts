import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import words from '../../../renderer/i18n/en/errors-store.json' with { type: 'json' }
import { besideWriters } from './beside-writers.ts'

/*
 * What the office writes beside its store meets real faults: a limit of the system on the size of a file (anywhere but on
 * Windows), and a small disk that is full or read-only (where this user may mount one).
 */

const script = fileURLToPath(new URL('./write-beside.ts', import.meta.url))
const names = Object.keys(besideWriters)

const places: string[] = []
const mounted: string[] = []
afterEach(() => {
  for (const place of mounted.splice(0)) execFileSync('umount', [place])
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function newPlaces(): { folder: string; elsewhere: string } {
  const place = mkdtempSync(join(tmpdir(), 'beside-'))
  places.push(place)
  const folder = join(place, 'folder')
  mkdirSync(folder)
  return { folder, elsewhere: join(place, 'elsewhere') }
}

const mount = (folder: string, options: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  mounted.push(folder)
}
const remount = (folder: string, options: string): unknown =>
  execFileSync('mount', ['-o', `remount,${options}`, folder])

const mayMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'may-mount-'))
  const tried = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder])
  if (tried.status === 0) execFileSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
  return tried.status === 0
})()

/** Writes in a process of its own, under a limit on files where one is given. @returns the code it ended by */
function write(name: string, folder: string, elsewhere: string, limit = 'unlimited'): string {
  const parameters = ['-c', 'ulimit -f "$0"; exec "$@"', limit, process.execPath, script, name, folder, elsewhere]
  const { stdout, stderr } = spawnSync('sh', parameters, { encoding: 'utf8', timeout: 60_000 })
  return stdout.trim() === '' ? stderr : stdout.trim()
}

const full: Readonly<Record<string, RegExp>> = { backup: /^backup\.(no-room|folder-failed)$/ }
const readOnly: Readonly<Record<string, RegExp>> = { backup: /^backup\.folder-read-only$/ }

// A limit is one on every file of a process, so it meets the store from which a trail is read first.
const limitable = names.filter((name) => name !== 'trail')

describe.skipIf(process.platform === 'win32')('no room: a file may not grow any more', () => {
  test.each(limitable)('%s says so, loses nothing, and is whole once there is room', async (name) => {
    const writer = besideWriters[name]
    const { folder, elsewhere } = newPlaces()
    await writer?.begin?.(folder, elsewhere)
    expect(write(name, folder, elsewhere, '100')).toMatch(full[name] ?? /^store\.disk-full$/)
    writer?.left(folder)
    expect(write(name, folder, elsewhere)).toBe('fine')
    writer?.check(folder)
  })
})

describe.skipIf(!mayMount)('a small disk (where this user may mount one)', () => {
  test.each(names)('%s on a full one says so, loses nothing, and is whole once there is room', async (name) => {
    const writer = besideWriters[name]
    const { folder, elsewhere } = newPlaces()
    mount(folder, 'size=120k')
    await writer?.begin?.(folder, elsewhere)
    expect(write(name, folder, elsewhere)).toMatch(full[name] ?? /^store\.disk-full$/)
    writer?.left(folder)
    remount(folder, 'size=20m')
    expect(write(name, folder, elsewhere)).toBe('fine')
    writer?.check(folder)
  })

  test.each(names)('%s on a read-only one says so, and goes on once it can be written', async (name) => {
    const writer = besideWriters[name]
    const { folder, elsewhere } = newPlaces()
    mount(folder, 'size=20m')
    await writer?.begin?.(folder, elsewhere)
    remount(folder, 'ro')
    expect(write(name, folder, elsewhere)).toMatch(readOnly[name] ?? /^store\.read-only$/)
    remount(folder, 'rw')
    expect(write(name, folder, elsewhere)).toBe('fine')
    writer?.check(folder)
  })
})

test.skipIf(!existsSync('/dev/full'))('a report for support that goes to a full disk says so', () => {
  const { folder } = newPlaces()
  const command = fileURLToPath(new URL('../../../electron/cli.ts', import.meta.url))
  const full = openSync('/dev/full', 'w')
  try {
    const { status, stderr } = spawnSync(process.execPath, [command, 'diagnostics', '--data', folder], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 1, stderr: `${words['store.disk-full']}\n` })
  } finally {
    closeSync(full)
  }
})
