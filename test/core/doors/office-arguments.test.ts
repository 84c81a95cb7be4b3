import { closeSync, openSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ArgumentError, coreOptions, readOfficeArguments } from '../../../electron/core/doors/office-arguments.ts'

describe('readOfficeArguments', () => {
  it('reads every option and makes paths absolute', () => {
    const read = readOfficeArguments(
      [
        '--data',
        'office',
        '--port',
        '8123',
        '--provision',
        'a.json',
        '--provision-secrets=b.json',
        '--no-open',
        '--json',
      ],
      true,
    )
    expect(read).toEqual({
      dataDirectory: resolve('office'),
      provisionFile: resolve('a.json'),
      provisionSecretsFile: resolve('b.json'),
      port: 8123,
      verbose: false,
      noOpen: true,
      json: true,
    })
  })

  it('has a folder for the office when none is named', () => {
    expect(readOfficeArguments([], true).dataDirectory).toMatch(/G2P Field Office|g2p-field-office/)
  })

  it.each([
    ['--port', 'x'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--passphrase-fd', ''],
    ['--data'],
    ['--dta', 'x'],
    ['stray'],
  ])('refuses %s %s', (...argv) => {
    expect(() => readOfficeArguments(argv, true)).toThrow(ArgumentError)
  })

  it('lets switches of Electron pass when it is not strict', () => {
    const read = readOfficeArguments(['.', '--data', 'office', '--remote-debugging-port=0', '--lang=ar'], false)
    expect(read.dataDirectory).toBe(resolve('office'))
  })
})

describe('coreOptions', () => {
  async function descriptorWith(text: string): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'arguments-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    writeFileSync(join(folder, 'passphrase'), text)
    return openSync(join(folder, 'passphrase'), 'r')
  }

  it('reads the passphrase from its descriptor, without the line end', async () => {
    const descriptor = await descriptorWith('four words of rain\n')
    const read = readOfficeArguments(['--passphrase-fd', String(descriptor)], true)
    expect(coreOptions(read, 'test').passphrase).toBe('four words of rain')
    expect(() => closeSync(descriptor)).toThrow('EBADF')
  })

  it('refuses an empty passphrase and a descriptor that is not open', async () => {
    const empty = await descriptorWith('\n')
    expect(() => coreOptions(readOfficeArguments(['--passphrase-fd', String(empty)], true), 'test')).toThrow(
      ArgumentError,
    )
    expect(() => coreOptions(readOfficeArguments(['--passphrase-fd', '999'], true), 'test')).toThrow(ArgumentError)
  })
})
