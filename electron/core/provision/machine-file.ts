import { existsSync, statSync } from 'node:fs'
import { dirname, posix, win32 } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'

/* A provisioning file that an administrator of the machine laid ready, before or after installing the program. */

const NAME = 'provisioning.json'

/** Where it lies: a folder that belongs to the machine, not to whoever works at it. */
export function machineProvisionPlace(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  if (platform === 'win32') return win32.join(environment.ProgramData ?? 'C:\\ProgramData', 'G2P Field Office', NAME)
  if (platform === 'darwin') return posix.join('/Library/Application Support/G2P Field Office', NAME)
  return posix.join('/etc/g2p-field-office', NAME)
}

export const findMachineProvision = (
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined => {
  const file = machineProvisionPlace(platform, environment)
  return existsSync(file) ? file : undefined
}

/** Whom a file belongs to and what others may do with it. */
interface Ownership {
  readonly uid: number
  readonly mode: number
}

/** Whether only the machine's administrator can have written there: owned by root, writable by nobody else. */
export const isAdministratorsOwn = ({ uid, mode }: Ownership): boolean => uid === 0 && (mode & 0o022) === 0

/**
 * Whoever can write the file decides whose signatures count in the office that is made from it. Windows keeps that in lists
 * that cannot be asked from here; there the rights of the folder are the administrator's to set (`resources/provisioning.md`).
 *
 * @throws OfficeError `provision.unsafe-place`
 */
export function refuseUnsafePlace(file: string, look: (path: string) => Ownership = statSync): void {
  if (process.platform === 'win32') return
  if (![file, dirname(file)].every((path) => isAdministratorsOwn(look(path)))) fail('provision.unsafe-place')
}
