import type { SafeStorage } from 'electron'
import type { KeyStore } from '../core/doors/key-store.ts'

/**
 * The key store of the system through Electron. On Linux without a key ring Electron would "encrypt" with a fixed password: that
 * is refused, and the office asks for a passphrase instead.
 */
export function systemKeyStore(
  storage: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
  >,
  platform: NodeJS.Platform,
): KeyStore {
  const backEnd = (): string => (platform === 'linux' ? storage.getSelectedStorageBackend() : platform)
  const isSafe = async (): Promise<boolean> =>
    !['basic_text', 'unknown'].includes(backEnd()) && (await storage.isAsyncEncryptionAvailable())
  return {
    findBackEnd: async () => ((await isSafe()) ? backEnd() : undefined),
    async seal(secret) {
      if (!(await isSafe())) throw new Error('no protected key store')
      return storage.encryptStringAsync(secret)
    },
    async open(sealed) {
      if (!(await isSafe())) throw new Error('no protected key store')
      return (await storage.decryptStringAsync(Buffer.from(sealed))).result
    },
  }
}
