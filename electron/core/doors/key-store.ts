/** Keeps a small secret (the key of the store) in the hands of the operating system. */
export interface KeyStore {
  /** Which protection of the system is used, to be remembered beside the sealed secret; undefined if there is none. */
  findBackEnd(): Promise<string | undefined>
  /** @throws if the system has no protected key store. */
  seal(secret: string): Promise<Uint8Array>
  /** @throws if the system has no protected key store, or it did not seal this. */
  open(sealed: Uint8Array): Promise<string>
}
