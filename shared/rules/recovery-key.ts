/*
 * A recovery key as people write it down: eight groups of five characters of Crockford's base 32, so 0 and O, 1, I and L cannot be
 * mixed up. The first group names the key, six carry 120 secret bits, the last checks all others; the fifth character of each
 * checks its own group and place, so that a mistyped group can be named.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUPS = 8
const OWN = 4
const LENGTH = GROUPS * (OWN + 1)
/** Bytes that a key is made from: 5 bits for each character of the name and the secret. */
const CHARACTERS = (GROUPS - 1) * OWN
export const RECOVERY_KEY_BYTES = Math.ceil((CHARACTERS * 5) / 8)

export interface RecoveryKey {
  /** Names the key without telling anything of it. */
  readonly tag: string
  readonly secret: string
}

export type RecoveryKeyReading =
  | { readonly kind: 'key'; readonly key: RecoveryKey }
  /** So many characters are there instead of 40. */
  | { readonly kind: 'length'; readonly found: number; readonly wanted: number }
  /** The first group in which something is wrong, from 1. */
  | { readonly kind: 'group'; readonly group: number }

/** @param random {@link RECOVERY_KEY_BYTES} random bytes */
export function makeRecoveryKey(random: Uint8Array): { readonly key: RecoveryKey; readonly text: string } {
  const bits = [...random].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const values = Array.from({ length: CHARACTERS }, (_, at) => Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2))
  const groups = groupsOf([...values, ...checkGroup(values)])
  const letters = groups.map((own, place) => [...own, checkOf(own, place)].map((value) => ALPHABET[value]).join(''))
  return { key: keyOf(values), text: letters.join('-') }
}

/** Reads a key as somebody typed it: small letters, other separators, O for 0, I and L for 1. */
export function readRecoveryKey(text: string): RecoveryKeyReading {
  const letters = text
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}_.,/]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  const characters = [...letters]
  if (characters.length !== LENGTH) return { kind: 'length', found: characters.length, wanted: LENGTH }
  const values = characters.map((letter) => ALPHABET.indexOf(letter))
  const own: number[] = []
  for (let place = 0; place < GROUPS; place += 1) {
    const group = values.slice(place * (OWN + 1), (place + 1) * (OWN + 1))
    const data = group.slice(0, OWN)
    if (group.includes(-1) || group[OWN] !== checkOf(data, place)) return { kind: 'group', group: place + 1 }
    own.push(...data)
  }
  const data = own.slice(0, CHARACTERS)
  if (checkGroup(data).some((value, at) => value !== own[CHARACTERS + at])) return { kind: 'group', group: GROUPS }
  return { kind: 'key', key: keyOf(data) }
}

const groupsOf = (values: readonly number[]): number[][] =>
  Array.from({ length: GROUPS }, (_, place) => values.slice(place * OWN, (place + 1) * OWN))

function keyOf(values: readonly number[]): RecoveryKey {
  const letters = values.map((value) => ALPHABET[value]).join('')
  return { tag: letters.slice(0, OWN), secret: letters.slice(OWN) }
}

/** Times x in the field of 32 elements (x⁵ + x² + 1). */
const timesX = (value: number): number => (value & 16 ? ((value << 1) & 31) ^ 5 : value << 1)

/** A changed character, and two that changed places, always give another one; so does the same group at another place. */
function checkOf(group: readonly number[], place: number): number {
  let check = place + 1
  for (const value of group) check = timesX(check) ^ value
  return timesX(check)
}

/** 20 bits over everything before (FNV-1a, folded). */
function checkGroup(values: readonly number[]): number[] {
  let hash = 0x811c9dc5
  for (const value of values) hash = Math.imul(hash ^ value, 0x01000193) >>> 0
  const folded = (hash ^ (hash >>> 20)) & 0xfffff
  return Array.from({ length: OWN }, (_, at) => (folded >>> (5 * (OWN - 1 - at))) & 31)
}
