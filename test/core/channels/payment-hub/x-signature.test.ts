import { constants, createHash, generateKeyPairSync, publicDecrypt } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encloseByArithmetic,
  encloseByPlatform,
  hexDigest,
  signatureOf,
  signedText,
} from '../../../../electron/core/channels/payment-hub/x-signature.ts'

const keys = [2048, 3072].map((modulusLength) => generateKeyPairSync('rsa', { modulusLength }))

describe('X-SIGNATURE', () => {
  test('covers what the headers say and the file, joined by colons; a header that is not sent is left out', () => {
    expect(signedText({ correlationId: 'c', tenant: 't' }, 'a,b\n1,2')).toBe('c:t:a,b\n1,2')
    expect(signedText({ batchId: 'b', correlationId: 'c', tenant: 't' }, 'x')).toBe('b:c:t:x')
    expect(signedText({ correlationId: 'c', tenant: 't' }, '')).toBe('c:t')
  })

  test('the digest is SHA3-256 as others compute it', () => {
    expect(hexDigest('')).toBe('a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(hexDigest(text)).toBe(createHash('sha3-256').update(text).digest('hex'))
      }),
    )
  })

  test.each(keys)('opens with the public key to the digest, by both ways of making it', ({ privateKey, publicKey }) => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const digest = hexDigest(text)
        const block = encloseByPlatform(digest, privateKey)
        expect(encloseByArithmetic(digest, privateKey)).toEqual(block)
        const opened = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, block)
        expect(opened.toString('ascii')).toBe(digest)
      }),
      { numRuns: 8 },
    )
  })

  test('only an RSA key can make it', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    expect(() => signatureOf({ correlationId: 'c', tenant: 't' }, 'x', privateKey)).toThrow(TypeError)
  })
})
