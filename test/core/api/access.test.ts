import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_PIN, hire, newOffice, type OpenOffice, officerNamed } from '../open-office.ts'
import { accessTable } from './access-table.ts'
import { type Procedure, procedures } from './procedures.ts'

const roles = ['clerk', 'approver', 'administrator', 'auditor'] as const

const guarded = procedures.filter(({ access }) => access !== 'anybody')

let office: OpenOffice

beforeAll(async () => {
  ;({ office } = await newOffice())
  const pins = ['903718', '518264', '260947', '847361', '639185']
  for (const [index, role] of roles.entries()) await hire(office, role, [role], pins[index] ?? '')
  await hire(office, 'everything', roles, pins[4] ?? '')
}, 120_000)

afterAll(() => office.close())

function codeOf({ path, type }: Procedure, input: unknown, window: string): Promise<string> {
  return type === 'subscription' ? office.follow(path, window, input).ended : office.codeOf(path, input, window)
}

/** Inputs of the wrong shape: the right to ask is judged before they are looked at. */
const WRONG = { nothing: 'of this kind is known' }

describe('every procedure', () => {
  test('is called by whom the table names, and by nobody else', () => {
    const written = Object.entries(accessTable).flatMap(([access, routers]) =>
      Object.entries(routers).flatMap(([router, names]) =>
        names.split(' ').map((name) => ({ path: `${router}.${name}`, access })),
      ),
    )
    const byPath = (one: { path: string }, other: { path: string }): number => (one.path < other.path ? -1 : 1)
    expect(procedures.map(({ path, access }) => ({ path, access })).toSorted(byPath)).toEqual(written.toSorted(byPath))
  })

  test('refuses who is not signed in', async () => {
    const codes = await Promise.all(guarded.map((one) => codeOf(one, WRONG, 'a stranger')))
    expect(new Set(codes)).toEqual(new Set(['api.signed-out']))
  })

  test.each(roles)('refuses an officer who is only %s wherever that role is not named', async (role) => {
    const closed = guarded.filter(({ access }) => access !== 'signed-in' && !access.split(' ').includes(role))
    expect(closed.length).toBeGreaterThan(20)
    for (const one of closed) {
      expect({ path: one.path, code: await codeOf(one, WRONG, role) }).toEqual({
        path: one.path,
        code: 'api.not-your-role',
      })
    }
  })

  test('refuses an officer who still has a first PIN, or who was suspended', async () => {
    const { id } = await office.get<{ id: string }>('officers.create', {
      name: 'Officer new',
      login: 'new',
      roles: [...roles],
      firstPin: '730164',
      pin: ADMIN_PIN,
    })
    await office.get('session.signIn', { officerId: id, pin: '730164' }, 'new')
    const first = await Promise.all(guarded.map((one) => codeOf(one, WRONG, 'new')))
    expect(new Set(first)).toEqual(new Set(['identity.change-pin-first']))
    const { changedAt } = await officerNamed(office, 'new')
    await office.get('officers.setState', { id, basedOn: changedAt, state: 'suspended', pin: ADMIN_PIN })
    const then = await Promise.all(guarded.map((one) => codeOf(one, WRONG, 'new')))
    expect(new Set(then)).toEqual(new Set(['api.signed-out']))
  })

  test('answers 20,000 calls with anything at all by a sentence of the catalogue, and changes nothing by it', async () => {
    // What takes no input would do what it is there for.
    const asked = guarded.filter(({ takesInput, type }) => takesInput && type !== 'subscription')
    const before = await office.get<{ rows: { position: number }[] }>('audit.page', { limit: 1 }, 'everything')
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.dictionary(
        fc.constantFrom('id', 'ids', 'batchId', 'offset', 'limit', 'pin', 'kind'),
        fc.jsonValue({ maxDepth: 1 }),
      ),
      fc.constantFrom('__proto__', "'; DROP TABLE officer; --", '../../etc/passwd', '\u0000', 'x'.repeat(100_000)),
    )
    const inputs = fc.sample(anything, { numRuns: Math.ceil(20_000 / asked.length), seed: 11 })
    const unexpected: string[] = []
    for (const input of inputs) {
      const codes = await Promise.all(asked.map(async (one) => [one.path, await codeOf(one, input, 'everything')]))
      unexpected.push(...codes.filter(([, code]) => code === 'api.unexpected').map(([path]) => `${path}`))
    }
    expect([...new Set(unexpected)]).toEqual([])
    expect(office.faults).toEqual([])
    const { rows } = await office.get<{ rows: { position: number; action: string }[] }>(
      'audit.page',
      { limit: 500 },
      'everything',
    )
    // An object without a known field wishes for the whole trail, which is sealed by a key that is made for the first one.
    const wished = new Set(['audit.exported', 'vault.device-key-made'])
    const done = rows.filter(({ position }) => position > (before.rows[0]?.position ?? 0))
    expect(done.filter(({ action }) => !wished.has(action))).toEqual([])
  }, 240_000)
})
