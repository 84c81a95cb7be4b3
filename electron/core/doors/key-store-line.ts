import type { KeyStore } from './key-store.ts'

/*
 * The key store of the desktop app answers on the main thread only, so the core asks for it across the threads.
 */

/** What the core asks of the door's key store. */
export interface KeyStoreQuestion {
  readonly from: 'key-store'
  readonly id: number
  readonly deed: 'findBackEnd' | 'seal' | 'open'
  /** The secret to seal, or what was sealed in base64; empty for the back end. */
  readonly content: string
}

export interface KeyStoreAnswer {
  readonly to: 'key-store'
  readonly id: number
  /** Null where the key store has nothing, or refused. */
  readonly content: string | null
  readonly refused: boolean
}

/** The core's end: a key store that asks the door. */
export class DistantKeyStore implements KeyStore {
  readonly #ask: (question: KeyStoreQuestion) => void
  readonly #waiting = new Map<number, PromiseWithResolvers<string | null>>()
  #lastId = 0

  constructor(ask: (question: KeyStoreQuestion) => void) {
    this.#ask = ask
  }

  async findBackEnd(): Promise<string | undefined> {
    return (await this.#question('findBackEnd', '')) ?? undefined
  }

  async seal(secret: string): Promise<Uint8Array> {
    return Buffer.from((await this.#question('seal', secret)) ?? '', 'base64')
  }

  async open(sealed: Uint8Array): Promise<string> {
    return (await this.#question('open', Buffer.from(sealed).toString('base64'))) ?? ''
  }

  /** The door has answered. */
  take({ id, content, refused }: KeyStoreAnswer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (refused) waiting?.reject(new Error('the key store refused'))
    else waiting?.resolve(content)
  }

  #question(deed: KeyStoreQuestion['deed'], content: string): Promise<string | null> {
    this.#lastId += 1
    const waiting = Promise.withResolvers<string | null>()
    this.#waiting.set(this.#lastId, waiting)
    this.#ask({ from: 'key-store', id: this.#lastId, deed, content })
    return waiting.promise
  }
}

/** The door's end: does what the core asks for. What a key store says when it refuses is told to nobody. */
export async function answerForKeyStore(keyStore: KeyStore, question: KeyStoreQuestion): Promise<KeyStoreAnswer> {
  const { id, deed, content } = question
  const answer = async (): Promise<string | null> => {
    switch (deed) {
      case 'findBackEnd':
        return (await keyStore.findBackEnd()) ?? null
      case 'seal':
        return Buffer.from(await keyStore.seal(content)).toString('base64')
      case 'open':
        return keyStore.open(Buffer.from(content, 'base64'))
    }
  }
  try {
    return { to: 'key-store', id, content: await answer(), refused: false }
  } catch {
    return { to: 'key-store', id, content: null, refused: true }
  }
}
