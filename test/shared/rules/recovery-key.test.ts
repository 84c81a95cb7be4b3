import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRecoveryKey, RECOVERY_KEY_BYTES, readRecoveryKey } from '../../../shared/rules/recovery-key.ts'

const random = fc.uint8Array({ minLength: RECOVERY_KEY_BYTES, maxLength: RECOVERY_KEY_BYTES })
const LETTERS = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ']

test('a key is read back as it was made, however it is typed', () => {
  fc.assert(
    fc.property(random, fc.constantFrom('-', ' ', '', ' – '), fc.boolean(), (bytes, separator, small) => {
      const { key, text } = makeRecoveryKey(bytes)
      expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){7}$/)
      const typed = text.replaceAll('-', separator).replaceAll('0', 'o').replaceAll('1', 'l')
      expect(readRecoveryKey(small ? typed.toLowerCase() : typed)).toEqual({ kind: 'key', key })
    }),
  )
})

test('different bits make different keys', () => {
  fc.assert(
    fc.property(random, random, (one, other) => {
      fc.pre(one.slice(0, 17).some((byte, at) => byte !== other[at]))
      expect(makeRecoveryKey(one).text).not.toBe(makeRecoveryKey(other).text)
    }),
  )
})

test('one wrong character is always found, and its group named', () => {
  fc.assert(
    fc.property(random, fc.nat(39), fc.constantFrom(...LETTERS, 'U'), (bytes, at, letter) => {
      const letters = [...makeRecoveryKey(bytes).text.replaceAll('-', '')]
      fc.pre(letters[at] !== letter)
      letters[at] = letter
      expect(readRecoveryKey(letters.join(''))).toEqual({ kind: 'group', group: Math.floor(at / 5) + 1 })
    }),
  )
})

test('two neighbours that changed places are found in their group', () => {
  fc.assert(
    fc.property(random, fc.nat(7), fc.nat(3), (bytes, group, at) => {
      const groups = makeRecoveryKey(bytes).text.split('-')
      const letters = [...(groups[group] ?? '')]
      fc.pre(letters[at] !== letters[at + 1])
      const swapped = [...letters]
      swapped[at] = letters[at + 1] ?? ''
      swapped[at + 1] = letters[at] ?? ''
      groups[group] = swapped.join('')
      expect(readRecoveryKey(groups.join('-'))).toEqual({ kind: 'group', group: group + 1 })
    }),
  )
})

test('two groups that changed places are found', () => {
  fc.assert(
    fc.property(random, fc.nat(7), fc.nat(7), (bytes, one, other) => {
      const groups = makeRecoveryKey(bytes).text.split('-')
      fc.pre(one < other && groups[one] !== groups[other])
      const moved = groups.map((group, at) => (at === one ? groups[other] : at === other ? groups[one] : group))
      expect(readRecoveryKey(moved.join('-'))).toEqual({ kind: 'group', group: one + 1 })
    }),
  )
})

test('too few or too many characters are counted', () => {
  const { text } = makeRecoveryKey(new Uint8Array(RECOVERY_KEY_BYTES).fill(77))
  expect(readRecoveryKey(text.slice(0, -2))).toEqual({ kind: 'length', found: 38, wanted: 40 })
  expect(readRecoveryKey(`${text}-ABCDE`)).toEqual({ kind: 'length', found: 45, wanted: 40 })
  expect(readRecoveryKey('')).toEqual({ kind: 'length', found: 0, wanted: 40 })
})
