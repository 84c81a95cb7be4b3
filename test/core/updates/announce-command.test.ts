import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDesk } from '../../../electron/core/doors/desk.ts'
import { makeTrustRoot } from '../../../electron/core/provision/trust-root-file.ts'
import { ANNOUNCEMENT_FILE, openAnnouncement } from '../../../electron/core/updates/announcement.ts'

const PASSPHRASE = 'a long enough passphrase'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'announce-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function announce(...more: string[]) {
  const key = await makeTrustRoot(PASSPHRASE)
  writeFileSync(join(folder, 'key.json'), JSON.stringify(key))
  writeFileSync(join(folder, 'passphrase'), PASSPHRASE)
  const descriptor = openSync(join(folder, 'passphrase'), 'r')
  const said: unknown[] = []
  const explained: string[] = []
  const code = await runDesk(
    ['announce-update', folder, '--key', join(folder, 'key.json'), '--passphrase-fd', String(descriptor), ...more],
    { wordsOf: ({ code: name }) => name, say: (answer) => said.push(answer), explain: (text) => explained.push(text) },
  )
  if (code !== 0) closeSync(descriptor)
  return { code, said, explained, key: key.publicKey }
}

test('signs the installers of one version, by whatever word they call the processor', async () => {
  for (const name of [
    'g2p-field-office-1.4.0-win-x64.exe',
    'g2p-field-office-1.4.0-linux-amd64.deb',
    'g2p-field-office-1.4.0-linux-aarch64.rpm',
    'g2p-field-office-1.4.0-mac-arm64.dmg',
    'g2p-field-office-1.3.0-win-x64.exe',
    'latest.yml',
  ]) {
    writeFileSync(join(folder, name), name)
  }
  const { code, said, key } = await announce('--version', '1.4.0', '--roll-out', '10', '--from', '1.2.0')
  expect({ code, said }).toMatchObject({ code: 0, said: [{ version: '1.4.0', channel: 'stable', rollOut: 10 }] })
  const opened = await openAnnouncement(readFileSync(join(folder, ANNOUNCEMENT_FILE), 'utf8'), key)
  expect(opened.from).toBe('1.2.0')
  expect(opened.installers.map(({ platform, arch, kind }) => `${platform} ${arch} ${kind}`).sort()).toEqual([
    'darwin arm64 dmg',
    'linux arm64 rpm',
    'linux x64 deb',
    'win32 x64 exe',
  ])
})

test('refuses a folder without installers and a roll-out that is none', async () => {
  const empty = await announce('--version', '1.4.0')
  expect(empty).toMatchObject({ code: 2, explained: ['no installers of 1.4.0 lie in the folder'] })
  writeFileSync(join(folder, 'g2p-field-office-1.4.0-win-x64.exe'), 'x')
  expect((await announce('--version', '1.4.0', '--roll-out', '120')).code).toBe(2)
})
