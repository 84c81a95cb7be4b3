import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { verificationKey } from '../../electron/core/channels/g2p-connect/public-keys.ts'
import { membersOf } from '../../electron/core/channels/g2p-connect/signing/json-text.ts'
import { signatureProfiles } from '../../electron/core/channels/g2p-connect/signing/profiles.ts'
import type { Content, SignatureProfile } from '../../electron/core/channels/g2p-connect/signing/signature-profile.ts'
import type { JwsAlgorithm, Signing } from '../../shared/model/message-security.ts'
import { against, type BenchLine } from './bench-line.ts'

/*
 * Signatures and verifications per second of processor time, of every form, against node:crypto alone over the same bytes
 * with the same key. Ours also makes the canonical text, reads the received one and compares the two. For a whole message of
 * payments that is most of the work, so there both also write or read its JSON once, and make the bytes to be signed from it.
 */

type Signs = Exclude<Signing, { kind: 'placeholder' }>

const KEY = 'bench'
const ROUNDS = 7
const MILLISECONDS = 120
const pss = { padding: 6, saltLength: 32 }

const pairs: Readonly<Record<JwsAlgorithm, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>> =
  (() => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    return {
      EdDSA: generateKeyPairSync('ed25519'),
      ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      RS256: rsa,
      PS256: rsa,
    }
  })()

const jws = (kind: 'jws' | 'detached-jws', alg: JwsAlgorithm): [string, Signs, JwsAlgorithm] => [
  `${kind}-${alg}`,
  { kind, alg, keyId: KEY, lifetime: 600 },
  alg,
]

const forms: readonly [string, Signs, JwsAlgorithm][] = [
  [
    'http-sig-string',
    { kind: 'http-sig-string', keyId: KEY, namespace: 'g2p', keyParameter: 'kidId', lifetime: 600 },
    'EdDSA',
  ],
  ...(['EdDSA', 'ES256', 'PS256', 'RS256'] as const).flatMap((alg) => [jws('jws', alg), jws('detached-jws', alg)]),
  ['raw-rsa', { kind: 'raw-rsa', keyId: KEY }, 'RS256'],
]

/** As the messages of the office are made. */
function contentOf(count: number): Content {
  const header = {
    action: 'disburse',
    is_msg_encrypted: false,
    message_id: '0198c5d2-0000-7000-8000-000000000001',
    message_ts: '2026-03-01T10:00:00.000Z',
    receiver_id: 'payments.example.org',
    sender_id: 'office.example.org',
    total_count: count,
    version: '1.0.0',
  }
  const disbursements = Array.from({ length: count }, (_, at) => ({
    amount: '1250.00',
    currency_code: 'ETB',
    locale: 'amh',
    note: 'Payment for March under Child grant',
    payee_fa: `account:${at}@national-bank`,
    payee_name: at % 2 === 0 ? 'አበበ ቢቂላ ወርቅነህ' : 'Abebech Gobena',
    payer_fa: 'account:1000@national-bank',
    purpose: 'Child grant',
    reference_id: `0198c5d2-0000-7000-8000-${String(at).padStart(12, '0')}`,
    scheduled_timestamp: '2026-03-01T10:00:00.000Z',
  }))
  return { header, message: { disbursements, transaction_id: '0198c5d2-0000-7000-8000-0000000000ff' } }
}

/** How often it is done in a second of processor time. */
function rate(work: () => void): number {
  const began = process.cpuUsage()
  const end = performance.now() + MILLISECONDS
  let count = 0
  do {
    for (let at = 0; at < 4; at += 1) work()
    count += 4
  } while (performance.now() < end)
  const { user, system } = process.cpuUsage(began)
  return count / ((user + system) / 1e6)
}

/** Both in turns, and the fastest round of each: what else the machine does only slows down. */
function compare(name: string, what: string, ours: () => void, bare: () => void): BenchLine {
  rate(ours)
  rate(bare)
  const rounds = Array.from({ length: ROUNDS }, () => ({ ours: rate(ours), bare: rate(bare) }))
  const best = (which: 'ours' | 'bare'): number => Math.max(...rounds.map((round) => round[which]))
  return against(name, best('ours'), 'per second', { what, value: best('bare') })
}

function linesOf(count: number): BenchLine[] {
  const content = contentOf(count)
  const size = count === 1 ? 'one-payment' : `${count}-payments`
  return forms.flatMap(([name, signing, alg]) => {
    const profile: SignatureProfile<Signs> = signatureProfiles[signing.kind]
    const { privateKey, publicKey } = pairs[alg]
    const jwk = publicKey.export({ format: 'jwk' }) as { kty: string }
    const key = verificationKey({ ...jwk, kid: KEY, alg })
    if (key === undefined) throw new Error('the key does not verify')
    const now = Date.now()
    const { signature, headers } = profile.sign(content, signing, privateKey, now)
    const body = profile.write(signature, content)
    const lower = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]))
    const check = (): void => {
      const verdict = profile.verify({ members: membersOf(body) ?? new Map(), headers: lower }, key, now)
      if (verdict !== 'valid') throw new Error(`${name} does not verify: ${verdict}`)
    }
    // What node:crypto has to be given in any case: the bytes that this form covers.
    const text = JSON.stringify(content)
    const bytesOf = (json: string): Buffer =>
      signing.kind.endsWith('jws') ? Buffer.from(Buffer.from(json).toString('base64url'), 'latin1') : Buffer.from(json)
    const bytes = bytesOf(text)
    const hash = alg === 'EdDSA' ? null : 'sha256'
    const more = alg === 'PS256' ? pss : alg === 'ES256' ? ({ dsaEncoding: 'ieee-p1363' } as const) : {}
    const input = (of = bytes): Buffer =>
      signing.kind === 'http-sig-string' ? createHash('sha256').update(of).digest() : of
    const mark = sign(hash, input(), { key: privateKey, ...more })
    const large = count > 1
    const what = large ? 'bare node:crypto, JSON and bytes' : 'bare node:crypto'
    return [
      compare(
        `sign-${name}-${size}`,
        what,
        () => profile.sign(content, signing, privateKey, now),
        () => {
          const given = large ? input(bytesOf(JSON.stringify(content))) : input()
          sign(hash, given, { key: privateKey, ...more })
        },
      ),
      compare(`verify-${name}-${size}`, what, check, () => {
        if (large) JSON.parse(body)
        verify(hash, large ? input(bytesOf(text)) : input(), { key: publicKey, ...more }, mark)
      }),
    ]
  })
}

export const run = async (): Promise<readonly BenchLine[]> => [...linesOf(1), ...linesOf(500)]
