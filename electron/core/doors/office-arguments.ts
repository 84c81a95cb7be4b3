import { closeSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { CoreOptions } from '../core-thread-handle.ts'
import { findMachineProvision } from '../provision/machine-file.ts'

/** What stood on the command line of either door. */
export interface OfficeArguments {
  readonly dataDirectory: string
  readonly provisionFile?: string
  readonly provisionSecretsFile?: string
  readonly passphraseDescriptor?: number
  readonly verbose: boolean
  /** Only the browser door: the port that was asked for. */
  readonly port?: number
  /** Only the browser door: do not open the system's browser. */
  readonly noOpen: boolean
  /** Only the browser door: speak JSON lines. */
  readonly json: boolean
}

/** A command line that cannot be followed; the message says what is wrong with it. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
}

const options = {
  data: { type: 'string' },
  provision: { type: 'string' },
  'provision-secrets': { type: 'string' },
  'passphrase-fd': { type: 'string' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
} as const

/**
 * @param strict refuse what is not known. Electron adds switches of its own to the command line, so its door is not strict.
 * @throws ArgumentError
 */
export function readOfficeArguments(argv: readonly string[], strict: boolean): OfficeArguments {
  const values = parse(argv, strict)
  const text = (name: keyof typeof options): string | undefined => {
    const value = values[name]
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value === '') throw new ArgumentError(`--${name} needs a value`)
    return value
  }
  const number = (name: 'port' | 'passphrase-fd', most: number): number | undefined => {
    const value = text(name)
    if (value === undefined) return undefined
    if (!/^\d{1,5}$/.test(value) || Number(value) > most)
      throw new ArgumentError(`--${name} needs a number up to ${most}`)
    return Number(value)
  }
  const file = (name: 'provision' | 'provision-secrets'): string | undefined => {
    const value = text(name)
    return value === undefined ? undefined : resolve(value)
  }
  const provisionFile = file('provision')
  const provisionSecretsFile = file('provision-secrets')
  const passphraseDescriptor = number('passphrase-fd', 1023)
  const port = number('port', 65535)
  return {
    dataDirectory: resolve(text('data') ?? defaultDataDirectory(process.platform, process.env)),
    ...(provisionFile === undefined ? {} : { provisionFile }),
    ...(provisionSecretsFile === undefined ? {} : { provisionSecretsFile }),
    ...(passphraseDescriptor === undefined ? {} : { passphraseDescriptor }),
    ...(port === undefined ? {} : { port }),
    verbose: values.verbose === true,
    noOpen: values['no-open'] === true,
    json: values.json === true,
  }
}

function parse(argv: readonly string[], strict: boolean): Partial<Record<keyof typeof options, string | boolean>> {
  try {
    return parseArgs({ args: [...argv], options, strict, allowPositionals: !strict }).values
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Where an office lies when nobody says otherwise; the same for both doors, so both open the same office. */
export function defaultDataDirectory(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'G2P Field Office')
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'G2P Field Office')
  }
  return join(environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'g2p-field-office')
}

/** What the core is told; reads the passphrase from its descriptor, which can be done once. */
export function coreOptions(officeArguments: OfficeArguments, door: CoreOptions['door']): CoreOptions {
  const { dataDirectory, provisionFile, provisionSecretsFile, passphraseDescriptor, verbose } = officeArguments
  const machineProvisionFile = findMachineProvision()
  return {
    dataDirectory,
    door,
    verbose,
    ...(provisionFile === undefined ? {} : { provisionFile }),
    ...(provisionSecretsFile === undefined ? {} : { provisionSecretsFile }),
    ...(machineProvisionFile === undefined ? {} : { machineProvisionFile }),
    ...(passphraseDescriptor === undefined ? {} : { passphrase: readPassphrase(passphraseDescriptor) }),
  }
}

/** Reads a passphrase from its descriptor, which can be done once. @throws ArgumentError */
export function readPassphrase(descriptor: number, option = '--passphrase-fd'): string {
  let text: string
  try {
    text = readFileSync(descriptor, 'utf8')
    if (descriptor > 2) closeSync(descriptor)
  } catch (error) {
    const hint = descriptor > 2 ? '; npm hands on descriptor 0 only' : ''
    throw new ArgumentError(`descriptor ${descriptor} of ${option} cannot be read${hint}`, { cause: error })
  }
  const passphrase = text.replace(/\r?\n$/, '')
  if (passphrase === '') throw new ArgumentError(`nothing came from descriptor ${descriptor} of ${option}`)
  return passphrase
}
