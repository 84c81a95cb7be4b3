import { z } from 'zod'
import { PublicKey } from './officer.ts'

/** The form of an announcement; a newer one is refused, so what it may hold is known. */
const UPDATE_FORMAT = 1

/** Three numbers: `1.4.0`. Nothing else is ever released. */
export const Version = z.string().regex(/^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/)

export const installerKinds = ['exe', 'msi', 'dmg', 'zip', 'AppImage', 'deb', 'rpm'] as const
export type InstallerKind = (typeof installerKinds)[number]

/** One installer beside the announcement: for which machines, and which bytes. */
export const Installer = z.strictObject({
  platform: z.enum(['win32', 'darwin', 'linux']),
  arch: z.enum(['x64', 'arm64']),
  kind: z.enum(installerKinds),
  /** A plain file name: no folder, nothing hidden. */
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,150}$/),
  bytes: z.int().min(1).max(1_000_000_000),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Installer = z.infer<typeof Installer>

/** What the publisher of a version announces and signs. */
export const UpdateAnnouncement = z.strictObject({
  format: z.literal(UPDATE_FORMAT),
  product: z.literal('g2p-field-office'),
  channel: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  version: Version,
  /** Epoch milliseconds. */
  releasedAt: z.int().min(0),
  /** The oldest version that this one may take the place of; older ones go there first. */
  from: Version,
  /** Of a hundred offices, so many are offered it by themselves; an administrator can always ask for it. */
  rollOut: z.int().min(0).max(100),
  notes: z.strictObject({ en: z.string().max(4_000), ar: z.string().max(4_000) }),
  installers: z.array(Installer).min(1).max(40),
})
export type UpdateAnnouncement = z.infer<typeof UpdateAnnouncement>

/** What an administrator chose; off until then. */
export const UpdateSettings = z.object({
  enabled: z.boolean(),
  /** Folder of the channel on a web server; empty where updates come on sticks only. */
  url: z.union([z.literal(''), z.url({ protocol: /^https$/ }).max(500)]),
  channel: UpdateAnnouncement.shape.channel,
  /** The publisher's key: nothing that it did not sign is ever looked at. */
  key: PublicKey.nullable(),
  everyHours: z
    .int()
    .min(1)
    .max(24 * 7),
})
export type UpdateSettings = z.infer<typeof UpdateSettings>

export const usualUpdateSettings: UpdateSettings = {
  enabled: false,
  url: '',
  channel: 'stable',
  key: null,
  everyHours: 24,
}
