import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Installer, UpdateAnnouncement } from '../../../shared/model/update.ts'
import { readArguments, readSecret } from '../doors/command-line.ts'
import type { Desk } from '../doors/desk.ts'
import { ArgumentError } from '../doors/office-arguments.ts'
import { openTrustRoot, TrustRootFile } from '../provision/trust-root-file.ts'
import { writeDurably } from '../store/write-durably.ts'
import { ANNOUNCEMENT_FILE, signAnnouncement } from './announcement.ts'
import { digestOf } from './update-source.ts'

const text = { type: 'string' } as const
const options = {
  key: text,
  'passphrase-fd': text,
  channel: text,
  version: text,
  from: text,
  'roll-out': text,
  'notes-en': text,
  'notes-ar': text,
} as const

/** As `electron-builder.yml` names them: `g2p-field-office-1.4.0-linux-x64.deb`. */
const installerName = /^g2p-field-office-(\d+\.\d+\.\d+)-(win|mac|linux)-(\w+)\.(exe|msi|dmg|zip|AppImage|deb|rpm)$/
const platforms = { win: 'win32', mac: 'darwin', linux: 'linux' } as const
/** Each kind of package has a word of its own for the same processor. */
const processors: Readonly<Record<string, Installer['arch']>> = {
  x64: 'x64',
  amd64: 'x64',
  x86_64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
}

/** `announce-update DIR --version V --key FILE --passphrase-fd N`: signs what lies in a folder of installers. */
export async function announceUpdate(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  const [folder, ...rest] = positionals
  if (folder === undefined || rest.length > 0) throw new ArgumentError('one folder of installers is needed')
  const { version, key } = values
  if (version === undefined) throw new ArgumentError('--version is missing')
  if (key === undefined) throw new ArgumentError('--key is missing')
  const root = TrustRootFile.parse(JSON.parse(readText(key)))
  const notes = (file: string | undefined): string => (file === undefined ? '' : readText(file))
  const announcement = UpdateAnnouncement.safeParse({
    format: 1,
    product: 'g2p-field-office',
    channel: values.channel ?? 'stable',
    version,
    releasedAt: Date.now(),
    from: values.from ?? '0.0.0',
    rollOut: Number(values['roll-out'] ?? 100),
    notes: { en: notes(values['notes-en']), ar: notes(values['notes-ar']) },
    installers: await installersIn(folder, version),
  })
  if (!announcement.success) {
    const [issue] = announcement.error.issues
    throw new ArgumentError(`this cannot be announced: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const passphrase = readSecret(values['passphrase-fd'], '--passphrase-fd')
  const signingKey = await openTrustRoot(root, passphrase)
  writeDurably(join(folder, ANNOUNCEMENT_FILE), `${await signAnnouncement(announcement.data, signingKey)}\n`)
  const { channel, rollOut, installers } = announcement.data
  desk.say({ version, channel, rollOut, installers: installers.map(({ name }) => name), key: root.publicKey })
  return 0
}

async function installersIn(folder: string, version: string): Promise<Installer[]> {
  const found: Installer[] = []
  for (const name of readdirSync(folder).sort()) {
    const [, its, system, processor = '', kind] = installerName.exec(name) ?? []
    const arch = processors[processor]
    if (its !== version || system === undefined || arch === undefined) continue
    const file = join(folder, name)
    found.push({
      platform: platforms[system as keyof typeof platforms],
      arch,
      kind: kind as Installer['kind'],
      name,
      bytes: statSync(file).size,
      sha256: await digestOf(file),
    })
  }
  if (found.length === 0) throw new ArgumentError(`no installers of ${version} lie in the folder`)
  return found
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ArgumentError('a file cannot be read', { cause: error })
  }
}
