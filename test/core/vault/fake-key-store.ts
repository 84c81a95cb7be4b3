import type { KeyStore } from '../../../electron/core/doors/key-store.ts'

/** A key store that can be lost or exchanged, as a user account is. */
export class FakeKeyStore implements KeyStore {
  backEnd: string | undefined = 'gnome_libsecret'
  readonly #kept = new Map<string, string>()

  async findBackEnd(): Promise<string | undefined> {
    return this.backEnd
  }

  async seal(secret: string): Promise<Uint8Array> {
    const name = `entry ${this.#kept.size}`
    this.#kept.set(name, secret)
    return Buffer.from(name)
  }

  async open(sealed: Uint8Array): Promise<string> {
    const secret = this.#kept.get(Buffer.from(sealed).toString())
    if (secret === undefined) throw new Error('not sealed here')
    return secret
  }

  /** The ring is another one: nothing that was sealed opens any more. */
  lose(): void {
    this.#kept.clear()
  }
}
