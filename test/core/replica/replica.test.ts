import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../../../renderer/api/client.ts'
import type { PullAnswer, PushAnswer, StreamEvent } from '../../../shared/contract/replica.ts'
import { identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import { type ReplicaName, replicaCollection, replicaNames } from '../../../shared/model/replica.ts'
import { type District, household, individual, openDistrict, phone, put } from '../district.ts'
import { openWindow, type Window } from './window.ts'

const PAGE = 'page-0001'
let district: District
let clerk: Window
const windows: Window[] = []

beforeEach(async () => {
  district = await openDistrict({ households: 3 })
  clerk = await open('clerk')
})

afterEach(async () => {
  for (const window of windows.splice(0)) window.close()
  await district.close()
})

async function open(officerId: string, name?: string): Promise<Window> {
  const window = await openWindow(district, officerId, name)
  windows.push(window)
  return window
}

/** Follows the stream until told to stop; gives the events as they come. */
function follow(api: Api, page = PAGE) {
  const events: StreamEvent[] = []
  let ended: string | undefined
  const opened = Promise.withResolvers<void>()
  const stop = api.replica.stream.follow(
    { page },
    {
      event: (event) => {
        events.push(event)
        opened.resolve()
      },
      end: (fault) => {
        ended = fault?.fault.code ?? ''
      },
    },
  )
  return { events, opened: opened.promise, stop, ended: () => ended }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

async function pullAll(api: Api, collection: ReplicaName, limit: number): Promise<{ ids: string[]; calls: number }> {
  const ids: string[] = []
  let checkpoint: PullAnswer['checkpoint'] | null = null
  for (let calls = 1; ; calls += 1) {
    const answer: PullAnswer = await api.replica.pull.ask({ page: PAGE, collection, checkpoint, limit })
    ids.push(...answer.documents.map(({ id }) => id))
    checkpoint = answer.checkpoint
    if (!answer.more) return { ids, calls }
  }
}

const group = (n: number) => household(district, n).group.id
const person = (n: number) => registrantId(`P${n}`)

async function view(api: Api, collection: ReplicaName, id: string): Promise<Record<string, unknown>> {
  const { documents } = await api.replica.pin.ask({ page: PAGE, collection, ids: [id] })
  return documents[0] as Record<string, unknown>
}

async function push(api: Api, collection: string, assumed: object | null, wanted: object): Promise<PushAnswer> {
  const rows = [
    {
      assumedMasterState: assumed as Record<string, unknown> | null,
      newDocumentState: wanted as Record<string, unknown>,
    },
  ]
  return api.replica.push.run({ collection, rows })
}

const codes = ({ refusals }: PushAnswer): string[] => refusals.map(({ fault }) => fault.code)

describe('pulling', () => {
  test('pages through many records of one change without missing or repeating one', async () => {
    district.office.store.transaction('administrator', (tx) => {
      for (let n = 0; n < 23; n += 1) {
        tx.put('programme', { ...tx.get('programme', 'programme'), id: `p-${n}`, name: `Programme ${n}` })
      }
      tx.audit({ action: 'test.programmes', subjectKind: 'programme', subjectId: 'many' })
    })
    const { ids, calls } = await pullAll(clerk.api, 'programmes', 5)
    expect(new Set(ids).size).toBe(24)
    expect(ids).toHaveLength(24)
    expect(calls).toBe(5)
  })

  test('gives of registrants only what the page pinned, and tells of absent ones', async () => {
    const stream = follow(clerk.api)
    await stream.opened
    expect((await pullAll(clerk.api, 'registrants', 100)).ids).toEqual([])
    const pinned = await clerk.api.replica.pin.ask({
      page: PAGE,
      collection: 'registrants',
      ids: [person(1), 'nobody'],
    })
    expect(pinned.documents).toMatchObject([
      { id: person(1), name: 'Person P1', _deleted: false },
      { id: 'nobody', _deleted: true },
    ])
    expect((await pullAll(clerk.api, 'registrants', 100)).ids).toEqual([person(1)])
    await clerk.api.replica.unpin.ask({ page: PAGE, collection: 'registrants', ids: [person(1)] })
    expect((await pullAll(clerk.api, 'registrants', 100)).ids).toEqual([])
    stream.stop()
  })

  test('an identity number that changes makes its registrant new again', async () => {
    const stream = follow(clerk.api)
    await stream.opened
    const { sequence } = await clerk.api.replica.pin.ask({ page: PAGE, collection: 'registrants', ids: [person(1)] })
    put(district.office, 'identityNumber', {
      id: identityNumberId(person(1), 'national'),
      removed: false,
      registrantId: person(1),
      type: 'national',
      value: '1234567890123',
      status: 'valid',
      expiresOn: null,
      importId: '',
    })
    await until(() => stream.events.some(({ collections }) => collections.includes('registrants')))
    const checkpoint = { seq: sequence, id: '~' }
    const answer = await clerk.api.replica.pull.ask({ page: PAGE, collection: 'registrants', checkpoint, limit: 10 })
    expect(answer.documents).toMatchObject([
      { id: person(1), identityHints: [{ hint: expect.stringMatching(/123$/) }] },
    ])
    stream.stop()
  })

  test('nothing of accounts, phones, e-mails, identity numbers or payee addresses crosses in clear', async () => {
    const secrets = ['+251911000099', 'someone@example.org', '0012345678999', 'DE89370400440532013000', '77788899900']
    put(district.office, 'registrant', {
      ...individual('S1'),
      phoneNumbers: [{ id: 'a', number: '+251911000099', preferred: true, disabled: false }],
      emails: [{ id: 'b', address: 'someone@example.org', preferred: true, disabled: false }],
      bankAccounts: [
        {
          id: 'c',
          accountNumber: '0012345678999',
          iban: 'DE89370400440532013000',
          bic: 'DEUTDEFF',
          bankName: 'Bank',
          preferred: true,
          disabled: false,
        },
      ],
    })
    put(district.office, 'identityNumber', {
      id: identityNumberId(registrantId('S1'), 'national'),
      removed: false,
      registrantId: registrantId('S1'),
      type: 'national',
      value: '77788899900',
      status: 'valid',
      expiresOn: null,
      importId: '',
    })
    put(district.office, 'payment', {
      id: 'payment',
      entitlementId: 'e',
      attempt: 1,
      cycleId: district.cycleId,
      programmeId: 'programme',
      registrantId: group(1),
      registrantName: 'Household 1',
      payeeId: person(1),
      payeeName: 'Person P1',
      payeeAddress: 'account_no:0012345678999@DEUTDEFF',
      batchId: '',
      managerId: 'manager',
      amount: 1,
      currency: 'ETB',
      state: 'prepared',
      reasonCode: '',
      reasonText: '',
      reasonParams: {},
      theirReference: '',
      amountPaid: null,
      held: false,
      stateAt: '000000000-0000-0',
    })
    const stream = follow(clerk.api)
    await stream.opened
    const ids = { registrants: registrantId('S1'), payments: 'payment', memberships: 'x', enrolments: 'x' }
    for (const [collection, id] of Object.entries(ids)) await view(clerk.api, collection as ReplicaName, id)
    for (const name of replicaNames) await pullAll(clerk.api, name, 100)
    stream.stop()
    const all = clerk.crossed.join('\n')
    expect(all).toContain('Person S1')
    expect(all).toContain('payeeAddressHint')
    for (const secret of [...secrets, 'account:0001@treasury']) expect(all).not.toContain(secret)
  })
})

describe('the stream', () => {
  test('tells only of what the page holds, and ends at sign-out', async () => {
    const stream = follow(clerk.api)
    await stream.opened
    await view(clerk.api, 'registrants', person(1))
    put(district.office, 'registrant', individual('P2', { phoneNumbers: phone(2), area: 'East' }))
    put(district.office, 'registrant', individual('P1', { phoneNumbers: phone(1), area: 'West' }))
    await until(() => stream.events.length > 1)
    expect(stream.events).toEqual([
      { opened: true, collections: [] },
      { opened: false, collections: ['registrants'] },
    ])
    await clerk.api.session.signOut.run(undefined as never)
    await until(() => stream.ended() !== undefined)
    expect(stream.ended()).toBe('api.signed-out')
  })

  test('two pages of one session hold different records', async () => {
    const one = follow(clerk.api, 'page-one1')
    const two = follow(clerk.api, 'page-two2')
    await Promise.all([one.opened, two.opened])
    await clerk.api.replica.pin.ask({ page: 'page-one1', collection: 'registrants', ids: [person(1)] })
    await clerk.api.replica.pin.ask({ page: 'page-two2', collection: 'registrants', ids: [person(2)] })
    put(district.office, 'registrant', individual('P1', { phoneNumbers: phone(1), area: 'West' }))
    await until(() => one.events.length > 1)
    expect(two.events).toHaveLength(1)
    one.stop()
    two.stop()
  })
})

describe('the key', () => {
  test('is the same for one sign-in, another after the next, and nobody gets one who is signed out', async () => {
    const first = await clerk.api.replica.key.ask(undefined as never)
    expect(await clerk.api.replica.key.ask(undefined as never)).toEqual(first)
    expect(Buffer.from(first.key, 'base64')).toHaveLength(32)
    const other = await open('approver')
    expect((await other.api.replica.key.ask(undefined as never)).key).not.toBe(first.key)
    await clerk.api.session.signOut.run(undefined as never)
    await expect(clerk.api.replica.key.ask(undefined as never)).rejects.toThrow('api.signed-out')
  })
})

describe('pushing', () => {
  test('takes an edit of a registrant through the same command as a form: cleaned, audited, in the history', async () => {
    const before = await view(clerk.api, 'registrants', person(1))
    const answer = await push(clerk.api, 'registrants', before, { ...before, area: '  South  ' })
    expect(codes(answer)).toEqual([])
    expect(answer.masters).toMatchObject([{ id: person(1), area: 'South' }])
    const { store } = district.office
    expect(store.get('registrant', person(1))).toMatchObject({ area: 'South', changedBy: 'clerk' })
    expect(store.get('registrant', person(1)).phoneNumbers).toEqual(phone(1))
    const actions = store.sql('SELECT action FROM audit WHERE subject_id = ?').pluck().all(person(1))
    expect(actions).toContain('registrant.edited')
  })

  test('keeps edits of different fields, refuses the same field with the store unchanged', async () => {
    const before = await view(clerk.api, 'registrants', person(1))
    const second = await open('clerk', 'second window')
    expect(codes(await push(second.api, 'registrants', before, { ...before, area: 'East' }))).toEqual([])
    expect(codes(await push(clerk.api, 'registrants', before, { ...before, address: 'Market road' }))).toEqual([])
    const refused = await push(clerk.api, 'registrants', before, { ...before, area: 'West', address: 'Hill road' })
    expect(refused.refusals).toMatchObject([
      { id: person(1), fields: ['address', 'area'], fault: { code: 'store.changed-meanwhile' } },
    ])
    expect(refused.masters).toMatchObject([{ area: 'East', address: 'Market road' }])
    expect(district.office.store.get('registrant', person(1))).toMatchObject({ area: 'East', address: 'Market road' })
  })

  test('the same push twice, as after a lost answer, is taken once', async () => {
    const before = await view(clerk.api, 'registrants', person(1))
    await push(clerk.api, 'registrants', before, { ...before, area: ' East' })
    const { changedAt } = district.office.store.get('registrant', person(1))
    expect(codes(await push(clerk.api, 'registrants', before, { ...before, area: ' East' }))).toEqual([])
    expect(district.office.store.get('registrant', person(1)).changedAt).toBe(changedAt)
  })

  test('refuses every field that is not a draft field, in every collection, and changes nothing', async () => {
    const { store } = district.office
    const sample: Partial<Record<ReplicaName, string>> = {
      programmes: 'programme',
      cycles: district.cycleId,
      officers: 'clerk',
      paymentManagers: 'manager',
      registrants: person(1),
      memberships: household(district, 1).membership.id,
      enrolments: household(district, 1).enrolment.id,
    }
    const sequence = store.sequence
    for (const [name, id] of Object.entries(sample) as [ReplicaName, string][]) {
      const before = await view(clerk.api, name, id)
      const { draftFields, kind } = replicaCollection(name)
      for (const field of Object.keys(before).filter((one) => one !== '_deleted' && !draftFields.includes(one))) {
        const answer = await push(clerk.api, name, before, { ...before, [field]: 'tampered' })
        expect({ name, field, codes: codes(answer) }).toEqual({ name, field, codes: ['replica.by-command'] })
      }
      expect(codes(await push(clerk.api, name, before, { ...before, _deleted: true }))).toEqual(['replica.by-command'])
      expect(codes(await push(clerk.api, name, null, { ...before, id: `${id}x` }))).toEqual(['replica.by-command'])
      expect(store.find(kind, `${id}x`)).toBeUndefined()
    }
    for (const name of ['payments', 'entitlements', 'batches', '__proto__', 'constructor']) {
      expect(codes(await push(clerk.api, name, { id: 'a' }, { id: 'a', amount: 1 }))).toEqual(['replica.by-command'])
    }
    expect(store.sequence).toBe(sequence)
  })

  test('is for clerks only', async () => {
    for (const officerId of ['approver', 'administrator']) {
      const window = await open(officerId)
      const before = await view(window.api, 'registrants', person(1))
      expect(codes(await push(window.api, 'registrants', before, { ...before, area: 'East' }))).toEqual([
        'api.not-your-role',
      ])
    }
  })

  test('refuses values that the form would refuse, field by field', async () => {
    const before = await view(clerk.api, 'registrants', person(1))
    const wrong = { name: '', birthdate: '2999-01-01', gender: 'unknown', tags: 'not a list', address: 7 }
    for (const [field, value] of Object.entries(wrong)) {
      const { refusals } = await push(clerk.api, 'registrants', before, { ...before, [field]: value })
      expect(refusals).toHaveLength(1)
      expect(refusals[0]?.fields).toEqual([field])
    }
    expect(await view(clerk.api, 'registrants', person(1))).toEqual(before)
  })

  test('refuses an edit of a record that was removed meanwhile', async () => {
    const before = await view(clerk.api, 'registrants', person(1))
    put(district.office, 'registrant', { ...individual('P1', { phoneNumbers: phone(1) }), removed: true })
    const answer = await push(clerk.api, 'registrants', before, { ...before, area: 'East' })
    expect(codes(answer)).toEqual(['registry.is-removed'])
    expect(answer.masters).toMatchObject([{ removed: true }])
  })

  test('moves enrolments by the allowed moves only, and ends memberships', async () => {
    const { enrolment, membership } = household(district, 2)
    const before = await view(clerk.api, 'enrolments', enrolment.id)
    const reasonOnly = await push(clerk.api, 'enrolments', before, { ...before, reason: 'because' })
    expect(codes(reasonOnly)).toEqual(['replica.enrolment-needs-move'])
    const paused = await push(clerk.api, 'enrolments', before, { ...before, state: 'paused', reason: 'Moved away' })
    expect(codes(paused)).toEqual([])
    expect(district.office.store.get('enrolment', enrolment.id)).toMatchObject({
      state: 'paused',
      reason: 'Moved away',
    })
    const member = await view(clerk.api, 'memberships', membership.id)
    expect(codes(await push(clerk.api, 'memberships', member, { ...member, endedDate: '2020-01-01' }))).toEqual([
      'registry.ended-before-start',
    ])
    expect(codes(await push(clerk.api, 'memberships', member, { ...member, endedDate: '2026-01-01' }))).toEqual([])
    expect(district.office.store.get('membership', membership.id).endedDate).toBe('2026-01-01')
  })
})
