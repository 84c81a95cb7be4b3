import { type ParseArgsConfig, parseArgs } from 'node:util'
import { ArgumentError, readPassphrase } from './office-arguments.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** The arguments of a command of the command line. @throws ArgumentError for one that is not known or lacks its value */
export function readArguments<T extends Options>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** A secret from the descriptor that an option names; it never stands in the arguments. @throws ArgumentError */
export function readSecret(descriptor: string | undefined, option: string): string {
  if (descriptor === undefined) throw new ArgumentError(`${option} is missing`)
  if (!/^\d{1,4}$/.test(descriptor)) throw new ArgumentError(`${option} needs a number`)
  return readPassphrase(Number(descriptor), option)
}
