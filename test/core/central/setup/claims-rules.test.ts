import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  BatchClaimDocument,
  DistrictDocument,
  OfficeDocument,
  PaymentClaimDocument,
} from '../../../../shared/model/central.ts'
import { ADMIN, type Document, LEILA, NOBODY, RECEIVER, rulesOf, SAMIR, STRANGER, type Writer } from './rules.ts'

const write = rulesOf('claims')

const TOWN = 'installation-town'
const HILLS = 'installation-hills'

const batch = (over: Record<string, unknown> = {}): Document =>
  BatchClaimDocument.loose().parse({
    _id: 'batch:b1',
    type: 'batch',
    batchId: 'b1',
    submissionId: 's1',
    digest: 'a'.repeat(64),
    installationId: TOWN,
    officeName: 'Town',
    epoch: 1,
    generation: 1,
    state: 'claimed',
    claimedAt: 1_790_000_000_000,
    by: SAMIR.name,
    ...over,
  })

const takeOver = { fromInstallation: TOWN, officerId: 'hana', reason: 'the laptop was stolen', jws: 'a.b.c' }
const handOver = { fromInstallation: TOWN, toInstallation: HILLS, officerId: 'samir', jws: 'a.b.c' }
const inTheHills = { installationId: HILLS, officeName: 'Hills', by: LEILA.name, generation: 2 }

const payment = (over: Record<string, unknown> = {}): Document =>
  PaymentClaimDocument.loose().parse({
    _id: 'payment:p1',
    type: 'payment',
    paymentId: 'p1',
    batchId: 'b1',
    installationId: TOWN,
    claimedAt: 1_790_000_000_000,
    by: SAMIR.name,
    released: false,
    ...over,
  })

const head = (position: number, hash = `h${position}`) => ({ position, hash })
const office = (over: Record<string, unknown> = {}): Document =>
  OfficeDocument.loose().parse({
    _id: `office:${TOWN}`,
    type: 'office',
    installationId: TOWN,
    officeName: 'Town',
    epoch: 1,
    sequence: 100,
    auditHead: head(10),
    previousHead: null,
    reportedAt: 1_790_000_000_000,
    encryptionKey: null,
    revoked: null,
    by: SAMIR.name,
    ...over,
  })

const key = (x: string) => ({ kty: 'OKP', crv: 'Ed25519', x: x.repeat(43) })
const district = (over: Record<string, unknown> = {}): Document =>
  DistrictDocument.loose().parse({
    _id: 'district',
    type: 'district',
    code: 'north',
    districtId: '6f1d1c1e-4b0e-4d53-9c1f-1f2c8a7b9e55',
    trustRoot: null,
    schemaVersion: 1,
    ...over,
  })

describe('who', () => {
  it('writes is an office of this district or an administrator of the server', () => {
    expect(write(batch())).toBeNull()
    for (const other of [STRANGER, NOBODY, RECEIVER]) expect(write(batch(), null, other)).toMatch(/^role/)
  })

  it('an office writes in its own name', () => {
    for (const document of [batch(), payment(), office()]) {
      expect(write(document, null, LEILA)).toMatch(/^writer/)
      expect(write({ ...document, by: '' }, null, SAMIR)).toMatch(/^writer|^field/)
    }
  })

  it('deletes a claim is nobody but an administrator of the server', () => {
    for (const document of [batch(), payment(), office(), district()]) {
      expect(write({ _id: document._id, _deleted: true }, document)).toMatch(/^deletion/)
    }
  })

  it('only claims lie here', () => {
    expect(write({ _id: 'registrant:r1', type: 'registrant' })).toMatch(/^kind/)
    expect(write({ ...batch(), type: 'payment' })).toMatch(/^kind/)
    expect(write({ ...batch(), _id: 'batch:other' })).toMatch(/^id/)
    expect(write({ ...batch(), more: 'a'.repeat(70_000) })).toMatch(/^size/)
  })
})

describe('a batch', () => {
  it('is claimed first with nothing taken over; anew, where the server lost it, under the generation that it had', () => {
    expect(write(batch({ generation: 2 }))).toBeNull()
    expect(write(batch({ takeOver }))).toMatch(/^generation/)
    for (const state of ['held', 'cancelled']) expect(write(batch({ state }))).toBeNull()
  })

  it('is what it says', () => {
    for (const over of [{ digest: 'x' }, { epoch: 0 }, { generation: 0 }, { state: 'sent' }, { claimedAt: 'now' }]) {
      expect(write({ ...batch(), ...over })).toMatch(/^field/)
    }
  })

  it('is changed by its holder only', () => {
    expect(write(batch({ state: 'held' }), batch())).toBeNull()
    expect(write(batch({ submissionId: 's2', digest: 'b'.repeat(64) }), batch())).toBeNull()
    expect(write(batch({ by: LEILA.name }), batch(), LEILA)).toMatch(/^claimed/)
    expect(write(batch({ installationId: HILLS, by: LEILA.name }), batch(), LEILA)).toMatch(/^claimed/)
  })

  it('is not changed by an older copy of its holder', () => {
    expect(write(batch({ epoch: 2 }), batch())).toBeNull()
    expect(write(batch({ epoch: 1 }), batch({ epoch: 2 }))).toMatch(/^epoch/)
  })

  it('goes to another office by a take-over or a hand-over, one generation on', () => {
    expect(write(batch({ ...inTheHills, takeOver }), batch(), LEILA)).toBeNull()
    expect(write(batch({ ...inTheHills, handOver }), batch(), LEILA)).toBeNull()
    expect(write(batch({ ...inTheHills, takeOver, handOver }), batch(), LEILA)).toMatch(/^generation/)
    expect(write(batch(inTheHills), batch(), LEILA)).toMatch(/^generation/)
    expect(write(batch({ ...inTheHills, generation: 3, takeOver }), batch(), LEILA)).toMatch(/^generation/)
    expect(write(batch({ generation: 2, takeOver }), batch())).toMatch(/^generation/)
    const elsewhere = { ...takeOver, fromInstallation: 'installation-third' }
    expect(write(batch({ ...inTheHills, takeOver: elsewhere }), batch(), LEILA)).toMatch(/^generation/)
    const toOthers = { ...handOver, toInstallation: 'installation-third' }
    expect(write(batch({ ...inTheHills, handOver: toOthers }), batch(), LEILA)).toMatch(/^generation/)
  })

  it.each(Object.keys(takeOver))('a take-over says its %s', (name) => {
    const part = { ...takeOver, [name]: '' }
    expect(write({ ...batch(inTheHills), takeOver: part }, batch(), LEILA)).toMatch(/^field/)
  })

  it('keeps how it came to its holder', () => {
    const taken = batch({ ...inTheHills, takeOver })
    expect(write(batch({ ...inTheHills, takeOver, state: 'held' }), taken, LEILA)).toBeNull()
    expect(write(batch(inTheHills), taken, LEILA)).toMatch(/^generation/)
    const back = { ...takeOver, fromInstallation: HILLS }
    expect(write(batch({ generation: 3, takeOver: back }), taken)).toBeNull()
  })

  test('once cancelled is never changed again, whatever is written by whomever', () => {
    const over = fc.record(
      {
        state: fc.constantFrom('claimed', 'held', 'cancelled'),
        generation: fc.constantFrom(1, 2, 3),
        installationId: fc.constantFrom(TOWN, HILLS),
        epoch: fc.constantFrom(1, 2),
        takeOver: fc.constant(takeOver),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(over, fc.constantFrom(SAMIR, LEILA, ADMIN), (change, writer) => {
        const now = batch({ ...change, by: writer.name })
        expect(write(now, batch({ state: 'cancelled' }), writer)).toMatch(/^cancelled/)
      }),
    )
  })

  test('has one holder: no chain of writes of two offices changes it but through a new generation', () => {
    const step = fc.record({
      who: fc.constantFrom<readonly [Writer, string]>([SAMIR, TOWN], [LEILA, HILLS]),
      generation: fc.nat({ max: 4 }),
      state: fc.constantFrom('claimed', 'held'),
      from: fc.constantFrom(null, TOWN, HILLS),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let standing: Document | null = null
        for (const { who, generation, state, from } of steps) {
          const [writer, installationId] = who
          const part = from === null ? {} : { takeOver: { ...takeOver, fromInstallation: from } }
          const now = { ...batch({ state, ...part }), installationId, generation, by: writer.name }
          if (write(now, standing, writer) !== null) continue
          if (standing !== null && standing.installationId !== installationId) {
            expect(generation).toBe((standing.generation as number) + 1)
            expect(from).toBe(standing.installationId)
          }
          if (standing !== null) expect(generation).toBeGreaterThanOrEqual(standing.generation as number)
          standing = now
        }
      }),
    )
  })
})

describe('a payment', () => {
  const elsewhere = { batchId: 'b2', installationId: HILLS, by: LEILA.name }

  it('is claimed for one batch, and not released before that', () => {
    expect(write(payment())).toBeNull()
    expect(write(payment({ released: true }))).toMatch(/^released/)
  })

  it('goes to another batch only when it was released', () => {
    expect(write(payment({ batchId: 'b2' }), payment())).toMatch(/^claimed/)
    expect(write(payment(elsewhere), payment(), LEILA)).toMatch(/^claimed/)
    expect(write(payment(elsewhere), payment({ released: true }), LEILA)).toBeNull()
    expect(write(payment({ ...elsewhere, released: true }), payment({ released: true }), LEILA)).toMatch(/^claimed/)
  })

  it('is released by who claimed it', () => {
    expect(write(payment({ released: true }), payment())).toBeNull()
    expect(write(payment({ released: true, by: LEILA.name }), payment(), LEILA)).toMatch(/^claimed/)
    expect(write(payment({ released: true, installationId: HILLS }), payment())).toMatch(/^claimed/)
  })

  it('is claimed again by whoever took its batch over, and no longer released by the office before', () => {
    const taken = payment({ by: LEILA.name, installationId: HILLS })
    expect(write(taken, payment(), LEILA)).toBeNull()
    expect(write(payment({ released: true }), taken)).toMatch(/^claimed/)
    expect(write({ ...taken, batchId: 'b2' }, payment(), LEILA)).toMatch(/^claimed/)
  })

  test('is never paid by two batches: between two batches there was always a release', () => {
    const step = fc.record({
      writer: fc.constantFrom(SAMIR, LEILA, ADMIN),
      installationId: fc.constantFrom(TOWN, HILLS),
      batchId: fc.constantFrom('b1', 'b2', 'b3'),
      released: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let standing: Document | null = null
        for (const { writer, ...over } of steps) {
          const now = payment({ ...over, by: writer.name })
          if (write(now, standing, writer) !== null) continue
          if (standing !== null && now.batchId !== standing.batchId) expect(standing.released).toBe(true)
          standing = now
        }
      }),
    )
  })
})

describe('an office', () => {
  const next = (over: Record<string, unknown> = {}) =>
    office({ sequence: 120, auditHead: head(12), previousHead: head(10), ...over })

  it('tells how it stands, by itself', () => {
    expect(write(office())).toBeNull()
    expect(write(next(), office())).toBeNull()
    expect(write(next({ by: LEILA.name }), office(), LEILA)).toMatch(/^writer/)
  })

  it('tells again what it told', () => {
    expect(write(office({ previousHead: head(10) }), office())).toBeNull()
  })

  it('never goes back', () => {
    expect(write(next({ epoch: 1 }), office({ epoch: 2 }))).toMatch(/^epoch/)
    expect(write(next({ sequence: 99 }), office())).toMatch(/^sequence/)
    expect(write(next({ auditHead: head(9) }), office())).toMatch(/^audit/)
    expect(write(next({ epoch: 2, auditHead: head(9) }), office())).toMatch(/^audit/)
  })

  it('cannot tell over a chain that was cut or forked', () => {
    expect(write(next({ previousHead: head(10, 'forked') }), office())).toMatch(/^audit/)
    expect(write(next({ previousHead: head(9) }), office())).toMatch(/^audit/)
    expect(write(next({ previousHead: null }), office())).toMatch(/^audit/)
    expect(write(office({ auditHead: head(10, 'forked'), previousHead: head(10) }), office())).toMatch(/^audit/)
  })

  const restore = { epoch: 2, sequence: 100, head: head(10), officerId: 'hana', at: 1_790_000_100_000 }
  const restored = (over: Record<string, unknown> = {}) =>
    next({ epoch: 2, sequence: 50, auditHead: head(7, 'new'), restores: [restore], ...over })

  it('may go back after a confirmed restore, which stays on record for ever', () => {
    expect(write(restored(), office())).toBeNull()
    expect(write(restored({ epoch: 1 }), office())).toMatch(/^audit/)
    expect(write(restored({ restores: [{ ...restore, head: head(7) }] }), office())).toMatch(/^audit/)
    expect(write(restored({ restores: [{ ...restore, sequence: 50 }] }), office())).toMatch(/^audit/)
    expect(write({ ...restored(), restores: [{ ...restore, officerId: '' }] }, office())).toMatch(/^field/)
    expect(write(restored({ restores: [restore, restore] }), office())).toMatch(/^audit/)
    const later = { epoch: 2, auditHead: head(12, 'new'), previousHead: head(7, 'new') }
    expect(write(next({ ...later, restores: [restore] }), restored())).toBeNull()
    expect(write(next(later), restored())).toMatch(/^audit/)
  })

  const revoked = { by: 'hana', at: 1_790_000_200_000, reason: 'stolen' }

  it('is revoked by any office of the district, which changes nothing else of it', () => {
    expect(write(office({ revoked }), office(), LEILA)).toBeNull()
    expect(write(office({ revoked }), office(), ADMIN)).toBeNull()
    expect(write(office({ revoked, epoch: 9 }), office(), LEILA)).toMatch(/^writer/)
    expect(write(office({ revoked, by: LEILA.name }), office(), LEILA)).toMatch(/^writer|^audit/)
    expect(write(office({ revoked }), office(), STRANGER)).toMatch(/^role/)
    expect(write(office({ revoked }))).toMatch(/^revoked/)
  })

  it.each(Object.keys(revoked))('a revocation says its %s', (name) => {
    const { [name as keyof typeof revoked]: _, ...less } = revoked
    expect(write({ ...office(), revoked: less }, office(), LEILA)).toMatch(/^field|^revoked/)
  })

  test('once revoked stays revoked', () => {
    const was = office({ revoked })
    const after = fc.constantFrom(null, undefined, { ...revoked, reason: 'other' }, { ...revoked, by: 'leila' })
    fc.assert(
      fc.property(after, fc.constantFrom(SAMIR, LEILA, ADMIN), fc.constantFrom(1, 2), (other, writer, epoch) => {
        const now = { ...next({ epoch }), revoked: other, by: writer === ADMIN ? SAMIR.name : writer.name }
        expect(write(now, was, writer)).toMatch(/^revoked/)
      }),
    )
    expect(write(next({ revoked }), was)).toBeNull()
  })
})

describe('the district', () => {
  it('is set up by an administrator of the server', () => {
    expect(write(district(), null, ADMIN)).toBeNull()
    expect(write(district())).toMatch(/^role/)
    expect(write(district({ schemaVersion: 2 }), district(), ADMIN)).toBeNull()
    expect(write(district({ schemaVersion: 2 }), district())).toMatch(/^role/)
    expect(write(district(), district({ schemaVersion: 2 }), ADMIN)).toMatch(/^district/)
  })

  it('gets its trust root from the first office, once', () => {
    expect(write(district({ trustRoot: key('a') }), district())).toBeNull()
    expect(write(district({ trustRoot: key('b') }), district({ trustRoot: key('a') }))).toMatch(/^district/)
    expect(write(district({ trustRoot: key('b') }), district({ trustRoot: key('a') }), ADMIN)).toMatch(/^district/)
    expect(write(district(), district({ trustRoot: key('a') }), ADMIN)).toMatch(/^district/)
    expect(write({ ...district(), trustRoot: {} }, district())).toMatch(/^field/)
  })

  it('stays the same district', () => {
    expect(write(district({ districtId: 'other' }), district(), ADMIN)).toMatch(/^district/)
    expect(write(district({ code: 'south' }), district(), ADMIN)).toMatch(/^district/)
  })
})
