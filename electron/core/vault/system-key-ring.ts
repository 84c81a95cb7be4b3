import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { KeyStore } from '../doors/key-store.ts'

/** What of a key ring is used: a secret under a name. */
export interface KeyRing {
  /** @returns undefined when nothing is kept under the name */
  find(name: string): Promise<Uint8Array | undefined>
  put(name: string, secret: Uint8Array): Promise<void>
}

const SERVICE = 'G2P Field Office'
const backEnds: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'secret-service',
  darwin: 'keychain',
  win32: 'credential-manager',
}

const Box = z.object({ name: z.string(), nonce: z.base64(), tag: z.base64(), box: z.base64() })

/**
 * The key ring of the system without Electron: the Secret Service on Linux (never the kernel's own ring, which forgets at
 * the next start), the Keychain on macOS, the Credential Manager on Windows. The ring keeps a key of its own for each
 * thing that is sealed; where the ring is lost, so is what it sealed.
 */
export function systemKeyRing(
  platform: NodeJS.Platform = process.platform,
  open: () => Promise<KeyRing> = openRing,
): KeyStore {
  const backEnd = backEnds[platform]
  const ringOf = async (): Promise<KeyRing | undefined> => {
    if (backEnd === undefined) return undefined
    try {
      const ring = await open()
      // A ring that cannot be asked is none: no session bus, no service on it, or it stays locked.
      await ring.find('probe')
      return ring
    } catch {
      return undefined
    }
  }
  const need = async (): Promise<KeyRing> => {
    const ring = await ringOf()
    if (ring === undefined) throw new Error('no key ring')
    return ring
  }
  return {
    findBackEnd: async () => ((await ringOf()) === undefined ? undefined : backEnd),
    async seal(secret) {
      const ring = await need()
      const [name, key, nonce] = [`office ${randomBytes(9).toString('base64url')}`, randomBytes(32), randomBytes(12)]
      await ring.put(name, key)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      const box = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      const sealed: z.infer<typeof Box> = {
        name,
        nonce: nonce.toString('base64'),
        tag: cipher.getAuthTag().toString('base64'),
        box: box.toString('base64'),
      }
      return Buffer.from(JSON.stringify(sealed))
    },
    async open(sealed) {
      const ring = await need()
      const { name, nonce, tag, box } = Box.parse(JSON.parse(Buffer.from(sealed).toString()))
      const key = await ring.find(name)
      if (key === undefined) throw new Error('the key ring does not know this office')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'))
        .setAAD(Buffer.from(name))
        .setAuthTag(Buffer.from(tag, 'base64'))
      return decipher.update(Buffer.from(box, 'base64'), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

/** @throws where this system has no build of the library */
async function openRing(): Promise<KeyRing> {
  // Loaded when it is needed: most offices never ask for it, and it may be missing for a rare machine.
  const { AsyncEntry } = await import('@napi-rs/keyring')
  const entry = (name: string) => new AsyncEntry(SERVICE, name, { linux: { store: 'secret-service' } })
  return {
    find: async (name) => {
      const secret = await entry(name).getSecret()
      return secret === null ? undefined : Uint8Array.from(secret)
    },
    put: (name, secret) => entry(name).setSecret(secret),
  }
}
