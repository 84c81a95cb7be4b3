import { spawn } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import type { Shell } from 'electron'
import type { InstallOrder } from '../core/core-thread-handle.ts'
import { digestOf } from '../core/updates/update-source.ts'

/** How an installer is run once the office is closed. */
export type Launch =
  | { readonly by: 'program'; readonly program: string; readonly parameters: readonly string[] }
  /** The system knows what to do with it and asks the person at the machine. */
  | { readonly by: 'system'; readonly file: string }

/**
 * By the ending of the file. What needs the rights of an administrator of the machine asks for them by itself.
 *
 * @returns undefined for an ending that no installer of ours has
 */
export function launchOf(file: string): Launch | undefined {
  switch (/\.(exe|msi|dmg|zip|AppImage|deb|rpm)$/.exec(file)?.[1]) {
    case 'exe':
      return { by: 'program', program: file, parameters: ['/S', '--updated', '--force-run'] }
    case 'msi':
      return { by: 'program', program: 'msiexec', parameters: ['/i', file, '/passive', '/norestart'] }
    case 'AppImage':
      return { by: 'program', program: file, parameters: [] }
    case 'dmg':
    case 'zip':
    case 'deb':
    case 'rpm':
      return { by: 'system', file }
    default:
      return undefined
  }
}

/**
 * Looks at the digest once more, since the file lay in a folder that others can write to, then runs it.
 *
 * @returns false when it is not the file that was checked
 */
export async function runInstaller(
  { file, sha256 }: InstallOrder,
  shell: Pick<Shell, 'openPath'>,
  start: (program: string, parameters: readonly string[]) => Promise<void> = startApart,
): Promise<boolean> {
  const launch = launchOf(file)
  if (launch === undefined || (await digestOf(file)) !== sha256) return false
  if (launch.by === 'system') return (await shell.openPath(launch.file)) === ''
  if (file.endsWith('.AppImage')) await chmod(file, 0o700)
  await start(launch.program, launch.parameters)
  return true
}

/** The installer outlives the program that it replaces. */
function startApart(program: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { detached: true, stdio: 'ignore' })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}
