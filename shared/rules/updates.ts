import { sha256 } from '@noble/hashes/sha2'
import type { Installer, InstallerKind, UpdateAnnouncement } from '../model/update.ts'

/** Negative when `a` is the older version, 0 when both are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (const place of [0, 1, 2]) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Where an office stands in the row of those that get a version, 0 to 99. Another row for each version, so that it is not
 * always the same offices that go first.
 */
export function rollOutPlace(installationId: string, version: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = sha256(new TextEncoder().encode(`${installationId} ${version}`))
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % 100
}

/** The office that an announcement came to. */
export interface UpdatingOffice {
  readonly version: string
  readonly channel: string
  readonly installationId: string
  /** The newest version that a signed announcement ever named here; an older one is an old announcement. */
  readonly highestSeen: string
  readonly platform: string
  readonly arch: string
  /** Installers that fit how the program is installed, the best one first. */
  readonly kinds: readonly InstallerKind[]
}

export type UpdateVerdict =
  | { readonly verdict: 'current' }
  /** This office's turn has not come. */
  | { readonly verdict: 'later' }
  | { readonly verdict: 'offered'; readonly installer: Installer }
  | {
      readonly verdict: 'refused'
      readonly code: 'updates.other-channel' | 'updates.older' | 'updates.step-missing' | 'updates.no-installer'
      readonly version: string
    }

/**
 * What an announcement means for this office. Its signature was verified before.
 *
 * @param byHand an administrator asked for it, so the roll-out does not count
 */
export function judgeUpdate(announcement: UpdateAnnouncement, office: UpdatingOffice, byHand: boolean): UpdateVerdict {
  const { version, channel, from, rollOut, installers } = announcement
  if (channel !== office.channel) return { verdict: 'refused', code: 'updates.other-channel', version: channel }
  const newest = compareVersions(office.highestSeen, office.version) > 0 ? office.highestSeen : office.version
  if (compareVersions(version, newest) < 0) return { verdict: 'refused', code: 'updates.older', version: newest }
  if (compareVersions(version, office.version) === 0) return { verdict: 'current' }
  if (compareVersions(office.version, from) < 0)
    return { verdict: 'refused', code: 'updates.step-missing', version: from }
  const installer = findInstaller(installers, office)
  if (installer === undefined) return { verdict: 'refused', code: 'updates.no-installer', version }
  if (!byHand && rollOutPlace(office.installationId, version) >= rollOut) return { verdict: 'later' }
  return { verdict: 'offered', installer }
}

const findInstaller = (
  installers: readonly Installer[],
  { platform, arch, kinds }: UpdatingOffice,
): Installer | undefined =>
  kinds
    .map((kind) => installers.find((one) => one.platform === platform && one.arch === arch && one.kind === kind))
    .find((one) => one !== undefined)
