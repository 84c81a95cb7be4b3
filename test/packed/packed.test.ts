import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv from 'ajv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { installerKinds } from '../../shared/model/update.ts'
import { findPackedProgram, wantedFuses, wrongFuses } from './packed-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = join(root, 'electron-builder.yml')
const configuration = parse(readFileSync(file, 'utf8'))

describe('the configuration of the installers', () => {
  test('is one that the builder understands', () => {
    const schema = JSON.parse(readFileSync(join(root, 'node_modules/app-builder-lib/scheme.json'), 'utf8'))
    const validate = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true }).compile(schema)
    validate(configuration)
    expect(validate.errors ?? []).toEqual([])
    expect(validate({ ...configuration, electronFuse: {} })).toBe(false)
  })

  test('makes every installer that an announcement may name, and no other', () => {
    const endings: Readonly<Record<string, string>> = { nsis: 'exe' }
    const targets: string[] = [configuration.win, configuration.mac, configuration.linux].flatMap(
      ({ target }) => target,
    )
    expect(targets.map((target) => endings[target] ?? target).sort()).toEqual([...installerKinds].sort())
    expect(configuration.artifactName).toBe(`g2p-field-office-\${version}-\${os}-\${arch}.\${ext}`)
  })

  test('installs for one user or for the machine, and leaves the data of an office alone', () => {
    expect(configuration.nsis).toMatchObject({ oneClick: false, perMachine: false, deleteAppDataOnUninstall: false })
    expect(configuration.msi).toMatchObject({ perMachine: true })
  })

  test('keeps native modules outside the archive, and publishes nothing by itself', () => {
    expect(configuration).toMatchObject({ asar: true, publish: null, mac: { hardenedRuntime: true } })
    expect(configuration.asarUnpack).toContain('**/*.node')
  })

  test('states each fuse, each to the safe side', () => {
    expect(wantedFuses(file)).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
  })
})

describe('fuses read back', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'packed-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** As Electron keeps them: a mark, the version of the wire, its length, and a letter for each fuse. */
  function program(wire: string): string {
    const name = join(folder, 'linux-unpacked', 'g2p-field-office')
    mkdirSync(dirname(name), { recursive: true })
    const fuses = Buffer.concat([
      Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
      Buffer.from([1, wire.length]),
      Buffer.from(wire),
    ])
    writeFileSync(name, Buffer.concat([Buffer.alloc(512, 'x'), fuses, Buffer.alloc(512, 'y')]))
    return name
  }

  test('are found in the packed program', async () => {
    program('01001100')
    const found = findPackedProgram(folder, 'linux')
    expect(await wrongFuses(found ?? '', wantedFuses(file))).toEqual([])
  })

  test.each([
    ['11001100', ['runAsNode']],
    ['01111100', ['enableNodeOptionsEnvironmentVariable', 'enableNodeCliInspectArguments']],
    ['01000000', ['enableEmbeddedAsarIntegrityValidation', 'onlyLoadAppFromAsar']],
    ['0100110', ['grantFileProtocolExtraPrivileges']],
    ['r1001100', ['runAsNode']],
  ])('%s has wrong ones: %j', async (wire, wrong) => {
    expect(await wrongFuses(program(wire), wantedFuses(file))).toEqual(wrong)
  })

  test('of a program that has none, or of none at all, are no fuses', async () => {
    const bare = join(folder, 'bare')
    writeFileSync(bare, Buffer.alloc(2_000, 'z'))
    await expect(wrongFuses(bare, wantedFuses(file))).rejects.toThrow()
    expect(findPackedProgram(join(folder, 'nothing'), 'linux')).toBeUndefined()
  })
})
