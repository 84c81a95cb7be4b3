import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { parse } from 'yaml'

/** Our words for the fuses, as `electron-builder.yml` has them. */
const fuseNames: Readonly<Record<string, FuseV1Options>> = {
  runAsNode: FuseV1Options.RunAsNode,
  enableCookieEncryption: FuseV1Options.EnableCookieEncryption,
  enableNodeOptionsEnvironmentVariable: FuseV1Options.EnableNodeOptionsEnvironmentVariable,
  enableNodeCliInspectArguments: FuseV1Options.EnableNodeCliInspectArguments,
  enableEmbeddedAsarIntegrityValidation: FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: FuseV1Options.OnlyLoadAppFromAsar,
  loadBrowserProcessSpecificV8Snapshot: FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  grantFileProtocolExtraPrivileges: FuseV1Options.GrantFileProtocolExtraPrivileges,
}

/** The wire has a letter for each fuse. */
const letter = (on: boolean): number => (on ? '1' : '0').charCodeAt(0)

/** What the configuration wants, by name. */
export const wantedFuses = (configuration: string): Readonly<Record<string, boolean>> =>
  parse(readFileSync(configuration, 'utf8')).electronFuses

/**
 * Reads the fuses of a packed program back.
 *
 * @returns the names of those that are not as wanted; a fuse that the program does not have, too
 * @throws where the program has no fuses at all
 */
export async function wrongFuses(program: string, wanted: Readonly<Record<string, boolean>>): Promise<string[]> {
  const wire = await getCurrentFuseWire(program)
  return Object.entries(wanted)
    .filter(([name, on]) => {
      const option = fuseNames[name]
      return option === undefined || Number(wire[option]) !== letter(on)
    })
    .map(([name]) => name)
}

/** The program that `electron-builder --dir` left in its output folder; undefined before it ran. */
export function findPackedProgram(output: string, platform: NodeJS.Platform = process.platform): string | undefined {
  const product = 'G2P Field Office'
  const inside = {
    linux: 'g2p-field-office',
    win32: `${product}.exe`,
    darwin: join(`${product}.app`, 'Contents', 'MacOS', product),
  }[platform as 'linux' | 'win32' | 'darwin']
  if (inside === undefined || !existsSync(output)) return undefined
  return readdirSync(output)
    .map((folder) => join(output, folder, inside))
    .find((file) => existsSync(file))
}
