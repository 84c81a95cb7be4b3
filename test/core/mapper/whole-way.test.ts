import { afterEach, describe, expect, test } from 'vitest'
import { submissionDigest } from '../../../electron/core/batches/digest.ts'
import { until } from '../dispatch/sending-office.ts'
import { linked, type MappedDistrict, openMappedDistrict, putNumber, unlinked } from './mapped-district.ts'

let district: MappedDistrict
afterEach(() => district.close())

const scope = () => ({ cycleId: district.cycleId, batchId: null })
const figures = async () => (await district.office.mapper.standing(scope()))?.figures

/** A batch that was asked about, prepared, approved and ordered to be sent. */
async function approved(): Promise<string> {
  await district.askAll()
  const [batchId = ''] = await district.prepare()
  await district.approve(batchId)
  return batchId
}

const job = (batchId: string) => district.office.scheduler.queue.findByKey('dispatch.batch', batchId)
const attention = async (batchId: string): Promise<string> => {
  await until('it needs somebody', () => job(batchId)?.state === 'attention')
  return job(batchId)?.fault?.code ?? ''
}
/** Addresses that money went to. */
const paidTo = async (): Promise<string[]> =>
  (await district.payments.ledger()).map(({ disbursement }) => disbursement.payee_fa ?? '').sort()

describe('before a batch', () => {
  test.each(['g2p-connect-1.0', 'spar-1', 'spar-2'] as const)(
    '%s: everybody is asked about and prepared',
    async (profile) => {
      district = await openMappedDistrict(7, { mapper: { profile, questionSize: 3 } })
      expect(await figures()).toMatchObject({ people: 7, unasked: 7, linked: 0 })
      await district.prepare()
      expect(district.states()).toEqual({ 'blocked mapper.not-asked': 7 })
      await district.askAll()
      expect(await figures()).toMatchObject({ people: 7, unasked: 0, linked: 7 })
      expect(district.mapperPeer.summary()).toMatchObject({ asked: 7, largest: 3 })
      const [batchId = ''] = await district.prepare()
      expect(district.states()).toEqual({ prepared: 7 })
      await district.approve(batchId)
      const { store } = district.office
      const [id] = store.sql('SELECT id FROM submission').pluck().all() as string[]
      const submission = store.get('submission', id ?? '')
      expect(submission.lines[0]?.payeeAddress).toMatch(/^account_no:42000\d0@ABCDETAA$/)
      expect(submission.lines[0]?.mapped).toMatchObject({ provider: 'BANK1' })
      const elsewhere = submission.lines.map((line) => ({ ...line, payeeAddress: 'account_no:1@ABCDETAA' }))
      expect(submissionDigest({ ...submission, lines: elsewhere })).not.toBe(submission.digest)
    },
  )

  test('who has no account, or about whom nothing certain was said, stays out with a sentence', async () => {
    district = await openMappedDistrict(6)
    await district.mapperPeer.obey({ people: [unlinked(2), { ...linked(3), inactive: true }] })
    await district.askAll()
    await district.mapperPeer.obey({ faults: [{ do: 'garbled' }] })
    await district.prepare()
    expect(district.states()).toEqual({
      prepared: 4,
      'blocked mapper.not-linked': 1,
      'blocked mapper.inactive': 1,
    })
  })

  test.each([
    ['lose', 'mapper.unanswered'],
    ['twice', 'mapper.answered-twice'],
    ['other-reference', 'mapper.unanswered'],
    ['other-person', 'mapper.other-person'],
    ['garbled', 'mapper.address-unreadable'],
  ] as const)('an answer that is %s makes nobody payable', async (kind, code) => {
    district = await openMappedDistrict(3)
    await district.mapperPeer.obey({ faults: [{ do: kind, every: 1 }] })
    await district.askAll()
    await district.prepare()
    expect(district.states()).toEqual({ [`blocked ${code}`]: 3 })
    await district.askAll(true)
    await district.prepare()
    expect(district.states()).toEqual({ prepared: 3 })
  })

  test('a new identity number, or other settings, want a new answer', async () => {
    district = await openMappedDistrict(2)
    await district.askAll()
    putNumber(district, 1, 'N9')
    expect(await figures()).toMatchObject({ unasked: 1, linked: 1 })
  })

  test('a refusal of the whole question needs somebody; a mapper that takes fewer people is asked in halves', async () => {
    district = await openMappedDistrict(5, { peer: { mostPeople: 2 } })
    await district.askAll()
    expect(await figures()).toMatchObject({ linked: 5 })
    expect(district.mapperPeer.summary().largest).toBeLessThanOrEqual(2)
    await district.mapperPeer.obey({ faults: [{ do: 'refuse' }] })
    district.office.mapper.ask('clerk', scope(), true)
    await until('the refusal shows', async () => {
      const run = (await district.office.mapper.standing(scope()))?.run
      return run?.state === 'attention' && run.fault?.code === 'mapper.request-refused'
    })
    // It answers again: what an officer orders anew goes on from there.
    await district.askAll(true)
  })

  test('without a line it is done later, by itself', async () => {
    district = await openMappedDistrict(2)
    district.office.http.cutLine(true)
    district.office.mapper.ask('clerk', scope(), false)
    await until('it waits for the line', async () => {
      const run = (await district.office.mapper.standing(scope()))?.run
      return run?.state === 'waiting' && run.deferredBy === 'line'
    })
    district.office.http.cutLine(false)
    await until('it was done', async () => (await figures())?.linked === 2)
  })

  test('the trial asks about one person, shows the account masked and keeps nothing', async () => {
    district = await openMappedDistrict(1)
    const head = district.office.store
      .sql("SELECT id FROM registrant WHERE kind = 'individual'")
      .pluck()
      .get() as string
    const trial = await district.office.mapper.tryOne('manager', head, new AbortController().signal)
    expect(trial).toEqual({ kind: 'linked', addressHint: 'account_no:•••• 10@ABCDETAA', provider: 'BANK1' })
    expect(await figures()).toMatchObject({ unasked: 1 })
  })
})

describe('before a batch leaves', () => {
  test('everybody is asked about once more, and what was confirmed is paid', async () => {
    district = await openMappedDistrict(6, { partSize: 3 })
    const batchId = await approved()
    const before = district.mapperPeer.summary().asked
    district.office.dispatch.send('clerk', [batchId])
    await until('all are paid', () => district.states().paid === 6)
    expect(district.mapperPeer.summary().asked - before).toBe(6)
    expect(await paidTo()).toHaveLength(6)
  })

  test('a changed payee address stops the payment, and that one only', async () => {
    district = await openMappedDistrict(8)
    const batchId = await approved()
    await district.mapperPeer.obey({ people: [linked(3, 9), unlinked(5)] })
    district.office.dispatch.send('clerk', [batchId])
    expect(await attention(batchId)).toBe('mapper.payees-changed')
    await until('the others are paid', () => district.states().paid === 6)
    expect(district.states()).toEqual({
      paid: 6,
      'cancelled mapper.payee-changed': 1,
      'cancelled mapper.payee-vanished': 1,
    })
    const paid = await paidTo()
    expect(paid).toHaveLength(6)
    expect(paid.some((address) => address.includes('420003') || address.includes('420005'))).toBe(false)

    // One comes to approval with the account as it is now; the other is left out.
    const gone = district.office.store
      .sql("SELECT id FROM payment WHERE reason_code = 'mapper.payee-vanished'")
      .pluck()
      .get() as string
    district.office.dispatch.leaveOut('clerk', gone)
    const [second = ''] = await district.prepare()
    await until('nobody is needed any more', () => district.office.store.get('batch', batchId).attention === '')
    await district.approve(second)
    district.office.dispatch.send('clerk', [second])
    await until('the new account is paid', () => district.states().paid === 7)
    expect(await paidTo()).toContain('account_no:4200039@ABCDETAA')
  })

  test('nothing is sent while the mapper cannot be asked, and it is not asked without end', async () => {
    district = await openMappedDistrict(4, { partSize: 1 })
    const batchId = await approved()
    const before = district.mapperPeer.summary().requests
    await district.mapperPeer.obey({ faults: [{ do: 'status', times: null }] })
    district.office.dispatch.send('clerk', [batchId])
    await until('it was tried more than once', () => (job(batchId)?.attempts ?? 0) > 1)
    await until('the fault shows', () => job(batchId)?.fault?.code === 'mapper.failing')
    // In each try, the one under way included, the first part's question failed and no other part's was put.
    const asked = district.mapperPeer.summary().requests - before
    expect(asked).toBeLessThanOrEqual((job(batchId)?.attempts ?? 0) + 1)
    expect(await paidTo()).toEqual([])
    await district.mapperPeer.obey({ clearFaults: true })
    await until('it was sent once the mapper answered', () => district.states().paid === 4)
  })

  test('when the mapper suddenly knows nobody, nothing is sent and nothing is cancelled', async () => {
    district = await openMappedDistrict(12)
    const batchId = await approved()
    await district.mapperPeer.obey({ people: Array.from({ length: 12 }, (_, index) => unlinked(index + 1)) })
    district.office.dispatch.send('clerk', [batchId])
    expect(await attention(batchId)).toBe('mapper.many-changed')
    expect(district.states()).toEqual({ queued: 12 })
    expect(await paidTo()).toEqual([])
  })

  test('other mapper settings void an approval', async () => {
    district = await openMappedDistrict(1)
    const batchId = await approved()
    const { store } = district.office
    const { fieldsToApproveAgain } = await import('../../../electron/core/managers/managers.ts')
    const manager = store.get('paymentManager', 'manager')
    const { mapper } = manager
    if (mapper === undefined) throw new Error('no mapper')
    expect(
      fieldsToApproveAgain(manager, { ...manager, mapper: { ...mapper, resolveUrl: 'https://other.example' } }),
    ).toEqual(['mapper'])
    expect(store.get('batch', batchId).state).toBe('approved')
  })
})
