import { existsSync } from 'node:fs'
import type { InstallerKind } from '../../../shared/model/update.ts'

/** Which installers can take the place of the program as it is installed here, the best one first. */
export function fittingKinds(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  isThere: (path: string) => boolean = existsSync,
): readonly InstallerKind[] {
  if (platform === 'win32') return ['exe', 'msi']
  if (platform === 'darwin') return ['dmg', 'zip']
  // Set by an AppImage for what runs in it.
  if (environment.APPIMAGE) return ['AppImage']
  if (isThere('/etc/debian_version')) return ['deb', 'AppImage']
  return isThere('/usr/bin/rpm') ? ['rpm', 'AppImage'] : ['AppImage']
}
