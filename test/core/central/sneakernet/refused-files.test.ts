import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { individual, put } from '../../district.ts'
import { contentOf } from '../central-district.ts'
import { FilesOffice } from './files-district.ts'

describe('files that are not what they should be', () => {
  let one: FilesOffice
  let two: FilesOffice
  let three: FilesOffice
  let good: string
  beforeAll(async () => {
    one = await FilesOffice.open('one')
    two = await FilesOffice.open('two')
    three = await FilesOffice.open('three')
    await one.knows(two, three)
    for (let n = 1; n <= 40; n += 1) put(one.office, 'registrant', individual(`A${n}`))
    good = (await one.write(two)).path
  }, 60_000)
  afterAll(async () => {
    for (const office of [one, two, three]) await office.close()
  })

  const lines = (): string[] => readFileSync(good, 'utf8').split('\n')
  const kept = (text: string): string => {
    const path = two.newPath()
    writeFileSync(path, text)
    return path
  }
  const header = (change: object): string =>
    [JSON.stringify({ ...JSON.parse(lines()[0] as string), ...change }), ...lines().slice(1)].join('\n')

  async function refused(path: string, reader = two): Promise<string> {
    const before = contentOf(reader)
    const code = await reader.read(path).then(
      () => 'taken',
      (error: unknown) => (error instanceof OfficeError ? error.fault.code : String(error)),
    )
    expect(contentOf(reader)).toEqual(before)
    return code
  }

  it('another recipient, another district, a newer format, no file at all', async () => {
    expect(await refused(good, three)).toBe('central-files.not-for-us')
    expect(await refused(kept(header({ district: 'south' })))).toBe('central-files.other-district')
    expect(await refused(kept(header({ version: 2 })))).toBe('central-files.from-the-future')
    expect(await refused(kept('name,registry number\nAlmaz,1\n'))).toBe('central-files.not-a-file')
  })

  it('cut off, changed or put together anew at any place', async () => {
    const [head, part, closing] = lines() as [string, string, string]
    const middle = Math.floor(part.length / 2)
    const flipped = part.slice(0, middle) + (part[middle] === 'A' ? 'B' : 'A') + part.slice(middle + 1)
    for (const text of [
      readFileSync(good, 'utf8').slice(0, -20),
      `${[head, closing].join('\n')}\n`,
      `${[head, part].join('\n')}\n`,
      `${[head, part, part, closing].join('\n')}\n`,
      `${[head, flipped, closing].join('\n')}\n`,
      header({ madeAt: 1 }),
      header({ from: three.store.installationId }),
      header({ parts: 2 }),
    ]) {
      expect(await refused(kept(text))).toBe('central-files.damaged')
    }
  })

  it('signed by somebody who is suspended here, or known by nobody whom this office trusts', async () => {
    const approver = one.approver
    const { changedAt, changedBy, ...draft } = approver
    put(two.office, 'officer', { ...draft, state: 'suspended' })
    expect(await refused(good)).toBe('central-files.signer-untrusted')
    const stranger = await FilesOffice.open('four')
    stranger.store.housekeeping((_, mark) => mark('trust-root', JSON.stringify(approver.signingKey)))
    await one.knows(stranger)
    const { path } = await one.write(stranger)
    expect(await refused(path, stranger)).toBe('central-files.signer-untrusted')
    await stranger.close()
  })
})
