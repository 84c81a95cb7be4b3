import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fail } from '../../../../shared/contract/result.ts'
import type { EncryptionKey } from '../../../../shared/model/central.ts'
import { CENTRE, type OfficeCard } from '../../../../shared/model/central-file.ts'
import { encryptionKeyOf, findX25519 } from '../sneakernet/part-box.ts'

/** The centre's private key in a file. @throws OfficeError `central-files.key-missing` */
export function readCentreKey(file: string): KeyObject {
  if (!existsSync(file)) return fail('central-files.key-missing')
  return findX25519(readFileSync(file, 'utf8')) ?? fail('central-files.key-missing')
}

/** The public half of the centre's key; the key is made where the file is not there yet. It opens what offices write. */
export function centreKeyOf(file: string): EncryptionKey {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('x25519')
    writeFileSync(file, `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`, { mode: 0o600, flag: 'wx' })
  }
  return encryptionKeyOf(readCentreKey(file))
}

/** What offices need to write files to the centre. */
export const cardOfCentre = (district: string, encryptionKey: EncryptionKey): OfficeCard => ({
  format: 'g2p-office',
  version: 1,
  district,
  installationId: CENTRE,
  officeName: district,
  encryptionKey,
})
