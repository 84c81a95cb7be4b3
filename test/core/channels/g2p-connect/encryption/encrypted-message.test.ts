import fc from 'fast-check'
import { FlattenedEncrypt, flattenedDecrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  decryptMessage,
  EncryptedMessage,
  encryptMessage,
} from '../../../../../electron/core/channels/g2p-connect/encryption/encrypted-message.ts'
import { encryptionKey } from '../../../../../electron/core/channels/g2p-connect/public-keys.ts'
import { encrypts, wireKey } from '../signing/wire-keys.ts'

const pair = wireKey('RSA-OAEP-256', 'enc-1')
const receiver = encrypts(pair.jwk)
const text = JSON.stringify({ transaction_id: 't', names: ['አበበ', 'فاطمة', 'សុខ', '👩‍👧'], amount: '100.0' })
const encrypted = encryptMessage(text, receiver.key, receiver.kid)

describe('an encrypted message', () => {
  test('opens for its receiver alone', () => {
    expect(decryptMessage(encrypted, pair.privateKey)).toBe(text)
    expect(decryptMessage(encrypted, wireKey('RSA-OAEP-256', 'enc-1').privateKey)).toBeUndefined()
    expect(encryptMessage(text, receiver.key, receiver.kid).iv).not.toBe(encrypted.iv)
  })

  test('has the form of the specification: its header is not protected', () => {
    expect(Object.keys(encrypted).sort()).toEqual(['ciphertext', 'encrypted_key', 'header', 'iv', 'tag'])
    expect(encrypted.header).toEqual({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'enc-1' })
  })

  test('is understood by another library, and the other way round', async () => {
    const { plaintext } = await flattenedDecrypt(encrypted, pair.privateKey)
    expect(new TextDecoder().decode(plaintext)).toBe(text)
    const theirs = await new FlattenedEncrypt(Buffer.from(text))
      .setUnprotectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'enc-1' })
      .encrypt(receiver.key)
    expect(decryptMessage(EncryptedMessage.parse(theirs), pair.privateKey)).toBe(text)
  })

  test('does not open when any byte was changed', () => {
    const part = fc.constantFrom('ciphertext', 'encrypted_key', 'tag', 'iv')
    fc.assert(
      fc.property(part, fc.nat(), fc.integer({ min: 1, max: 255 }), (name, place, by) => {
        const bytes = Buffer.from(encrypted[name], 'base64url')
        const at = place % bytes.length
        bytes[at] = (bytes[at] as number) ^ by
        expect(decryptMessage({ ...encrypted, [name]: bytes.toString('base64url') }, pair.privateKey)).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })

  test('does not open with a shorter tag or another algorithm', () => {
    const short = Buffer.from(encrypted.tag, 'base64url').subarray(0, 4).toString('base64url')
    expect(decryptMessage({ ...encrypted, tag: short }, pair.privateKey)).toBeUndefined()
    for (const header of [
      { ...encrypted.header, alg: 'RSA1_5' },
      { ...encrypted.header, enc: 'A128CBC-HS256' },
    ]) {
      expect(decryptMessage({ ...encrypted, header }, pair.privateKey)).toBeUndefined()
    }
  })
})

test('messages are encrypted for RSA keys that are meant for it', () => {
  expect(encryptionKey({ ...pair.jwk, use: 'sig' })).toBeUndefined()
  expect(encryptionKey({ ...pair.jwk, alg: 'RS256' })).toBeUndefined()
  expect(encryptionKey(wireKey('ES256', 'x').jwk)).toBeUndefined()
})
