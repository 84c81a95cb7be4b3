import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UpdateAnnouncement } from '../../../shared/model/update.ts'
import { compareVersions, judgeUpdate, rollOutPlace, type UpdatingOffice } from '../../../shared/rules/updates.ts'

const number = fc.integer({ min: 0, max: 120 })
const version = fc.tuple(number, number, number).map((parts) => parts.join('.'))
const installationId = fc.uuid()

const announcementOf = (change: Partial<UpdateAnnouncement> = {}): UpdateAnnouncement => ({
  format: 1,
  product: 'g2p-field-office',
  channel: 'stable',
  version: '1.4.0',
  releasedAt: 0,
  from: '0.0.0',
  rollOut: 100,
  notes: { en: '', ar: '' },
  installers: [
    { platform: 'linux', arch: 'x64', kind: 'AppImage', name: 'a.AppImage', bytes: 1, sha256: '0'.repeat(64) },
    { platform: 'linux', arch: 'x64', kind: 'deb', name: 'a.deb', bytes: 1, sha256: '0'.repeat(64) },
    { platform: 'win32', arch: 'x64', kind: 'exe', name: 'a.exe', bytes: 1, sha256: '0'.repeat(64) },
  ],
  ...change,
})

const officeOf = (change: Partial<UpdatingOffice> = {}): UpdatingOffice => ({
  version: '1.3.0',
  channel: 'stable',
  installationId: '5d0f',
  highestSeen: '1.3.0',
  platform: 'linux',
  arch: 'x64',
  kinds: ['deb', 'AppImage'],
  ...change,
})

describe('versions', () => {
  test('are ordered by their numbers, not as texts', () => {
    expect(['1.10.0', '1.9.9', '0.12.3', '10.0.0', '1.9.10'].sort(compareVersions)).toEqual([
      '0.12.3',
      '1.9.9',
      '1.9.10',
      '1.10.0',
      '10.0.0',
    ])
  })

  test('have one order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0)
        expect(compareVersions(a, b) === 0).toBe(a === b)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('an announcement', () => {
  test('never leads back, whatever it says and whoever asks', () => {
    fc.assert(
      fc.property(
        version,
        version,
        version,
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        (is, seen, offered, rollOut, byHand) => {
          const office = officeOf({ version: is, highestSeen: seen })
          const { verdict } = judgeUpdate(announcementOf({ version: offered, rollOut }), office, byHand)
          if (verdict === 'offered' || verdict === 'later') {
            expect(compareVersions(offered, is)).toBeGreaterThan(0)
            expect(compareVersions(offered, seen)).toBeGreaterThanOrEqual(0)
          }
        },
      ),
    )
  })

  test('reaches an office at its place in the row and from then on, and by hand at once', () => {
    fc.assert(
      fc.property(installationId, (id) => {
        const office = officeOf({ installationId: id })
        const place = rollOutPlace(id, '1.4.0')
        expect(place).toBeGreaterThanOrEqual(0)
        expect(place).toBeLessThan(100)
        for (const rollOut of [0, place, place + 1, 100]) {
          const { verdict } = judgeUpdate(announcementOf({ rollOut }), office, false)
          expect(verdict).toBe(rollOut > place ? 'offered' : 'later')
        }
        expect(judgeUpdate(announcementOf({ rollOut: 0 }), office, true).verdict).toBe('offered')
      }),
    )
  })

  test('reaches about as many offices as it says, and others with the next version', () => {
    const ids = Array.from({ length: 4_000 }, (_, index) => `office-${index}`)
    const first = ids.filter((id) => rollOutPlace(id, '1.4.0') < 10)
    expect(first.length).toBeGreaterThan(300)
    expect(first.length).toBeLessThan(500)
    expect(first.filter((id) => rollOutPlace(id, '1.5.0') < 10).length).toBeLessThan(120)
  })

  test.each([
    ['of another channel', { channel: 'pilot' }, {}, 'updates.other-channel'],
    ['older than what runs', { version: '1.2.9' }, {}, 'updates.older'],
    ['older than one that was seen', {}, { highestSeen: '1.5.0' }, 'updates.older'],
    ['that wants a step between', { from: '1.3.1' }, {}, 'updates.step-missing'],
    ['without an installer for the machine', {}, { arch: 'arm64' }, 'updates.no-installer'],
    ['without an installer of the right kind', {}, { kinds: ['rpm'] }, 'updates.no-installer'],
  ] as const)('%s is refused', (_case, announcement, office, code) => {
    expect(judgeUpdate(announcementOf(announcement), officeOf(office), true)).toMatchObject({
      verdict: 'refused',
      code,
    })
  })

  test('of the version that runs is nothing new', () => {
    expect(judgeUpdate(announcementOf({ version: '1.3.0' }), officeOf(), false)).toEqual({ verdict: 'current' })
  })

  test('offers the installer that fits best', () => {
    const offered = judgeUpdate(announcementOf(), officeOf(), false)
    expect(offered).toMatchObject({ verdict: 'offered', installer: { name: 'a.deb' } })
  })
})
