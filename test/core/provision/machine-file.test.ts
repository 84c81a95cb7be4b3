import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  isAdministratorsOwn,
  machineProvisionPlace,
  refuseUnsafePlace,
} from '../../../electron/core/provision/machine-file.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import { OpenOffice, PASSPHRASE } from '../open-office.ts'
import { districtFile, writeFiles } from './district-file.ts'

let directory: string
let office: OpenOffice | undefined
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'machine-file-'))
})
afterEach(async () => {
  await office?.close()
  office = undefined
  rmSync(directory, { recursive: true, force: true })
})

test.each([
  ['win32', { ProgramData: 'D:\\Common' }, 'D:\\Common\\G2P Field Office\\provisioning.json'],
  ['win32', {}, 'C:\\ProgramData\\G2P Field Office\\provisioning.json'],
  ['darwin', {}, '/Library/Application Support/G2P Field Office/provisioning.json'],
  ['linux', { HOME: '/home/somebody' }, '/etc/g2p-field-office/provisioning.json'],
] as const)("on %s it lies where only the machine's administrator writes", (platform, environment, place) => {
  expect(machineProvisionPlace(platform, environment)).toBe(place)
})

describe('its place', () => {
  test.each([
    [{ uid: 0, mode: 0o100644 }, true],
    [{ uid: 0, mode: 0o40755 }, true],
    [{ uid: 0, mode: 0o100664 }, false],
    [{ uid: 0, mode: 0o40777 }, false],
    [{ uid: 1000, mode: 0o100644 }, false],
  ])("%j is the administrator's own: %s", (ownership, own) => {
    expect(isAdministratorsOwn(ownership)).toBe(own)
  })

  test.runIf(process.platform !== 'win32')('is refused where file or folder can be written by others', () => {
    const refusal = (look: (path: string) => { uid: number; mode: number }): string => {
      try {
        refuseUnsafePlace('/etc/office/provisioning.json', look)
        return 'fine'
      } catch (error) {
        return error instanceof OfficeError ? error.fault.code : 'another error'
      }
    }
    const own = { uid: 0, mode: 0o755 }
    expect(refusal(() => own)).toBe('fine')
    expect(refusal((path) => (path.endsWith('.json') ? { uid: 0, mode: 0o666 } : own))).toBe('provision.unsafe-place')
    expect(refusal((path) => (path.endsWith('.json') ? own : { uid: 1000, mode: 0o755 }))).toBe(
      'provision.unsafe-place',
    )
  })
})

/** Where these tests run as root, as in a container, they are the administrator of the machine; elsewhere their file is refused. */
const isRoot = process.getuid?.() === 0

describe('at the first start', () => {
  async function withFile() {
    const district = await districtFile()
    const { provisionFile, provisionSecretsFile } = writeFiles(directory, district.file, district.secrets)
    return { machineProvisionFile: provisionFile, provisionSecretsFile, dataDirectory: join(directory, 'data') }
  }

  test.runIf(isRoot || process.platform === 'win32')(
    'it makes the office, and is not looked at afterwards',
    async () => {
      const options = await withFile()
      office = new OpenOffice({ ...options, passphrase: PASSPHRASE })
      await office.core.start()
      expect(office.core.status()).toMatchObject({ state: 'open', officeName: 'Northern district' })
      await office.close({ keep: true })
      office = new OpenOffice({
        ...options,
        machineProvisionFile: join(directory, 'gone.json'),
        passphrase: PASSPHRASE,
      })
      await office.core.start()
      expect(office.core.status()).toMatchObject({ state: 'open', officeName: 'Northern district' })
    },
  )

  test.runIf(isRoot || process.platform === 'win32')('it waits for the passphrase that somebody chooses', async () => {
    office = new OpenOffice(await withFile())
    await office.core.start()
    expect(office.core.status()).toMatchObject({ state: 'none', provisionWaits: true })
    await office.get('setup.createProvisioned', { passphrase: PASSPHRASE })
    expect(office.core.status()).toMatchObject({ state: 'open', officeName: 'Northern district' })
  })

  test.runIf(process.platform !== 'win32')('it is refused when anybody can write to it', async () => {
    const options = await withFile()
    chmodSync(options.machineProvisionFile, 0o666)
    office = new OpenOffice(options)
    await expect(office.core.start()).rejects.toThrow('provision.unsafe-place')
  })
})
