import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { PublicKey } from '../../../shared/model/officer.ts'
import { SealedBox, seal, unseal } from '../vault/sealing.ts'
import { publicJwk } from '../vault/signing-keys.ts'

/** The key from which a district's officers and payment managers are signed; kept by whoever provisions its offices. */
export const TrustRootFile = z.strictObject({ version: z.literal(1), publicKey: PublicKey, sealed: SealedBox })
export type TrustRootFile = z.infer<typeof TrustRootFile>

const PURPOSE = 'trust root'

/** Makes a trust root, its private half sealed under the passphrase. */
export async function makeTrustRoot(passphrase: string): Promise<TrustRootFile> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const sealed = await seal(privateKey.export({ format: 'der', type: 'pkcs8' }), passphrase, PURPOSE)
  return { version: 1, publicKey: publicJwk(privateKey), sealed }
}

/** @throws OfficeError `vault.wrong-passphrase` */
export async function openTrustRoot({ sealed }: TrustRootFile, passphrase: string): Promise<KeyObject> {
  const content = (await unseal(sealed, passphrase, PURPOSE)) ?? fail('vault.wrong-passphrase')
  return createPrivateKey({ key: content, format: 'der', type: 'pkcs8' })
}
