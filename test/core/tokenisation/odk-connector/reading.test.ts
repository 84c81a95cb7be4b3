import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { CentralClient } from '../../../../electron/core/tokenisation/odk-connector/central-client.ts'
import { decideSubmission } from '../../../../electron/core/tokenisation/odk-connector/decide-submission.ts'
import { decideProposal } from '../../../../electron/core/tokenisation/odk-connector/proposals.ts'
import { countForm } from '../../../../electron/core/tokenisation/odk-connector/read-form.ts'
import { startCentralPeer } from '../../../../electron/peers/odk-central/central-peer.ts'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { consentId, identityNumberId } from '../../../../shared/model/ids.ts'
import { centralOptions, FORM, filled, JOSEPH, READER } from '../../../peers/odk-central/household-form.ts'
import { type FormOffice, openFormOffice } from './form-office.ts'

let office: FormOffice

beforeEach(async () => {
  office = await openFormOffice()
})
afterEach(() => office.close())

type Filled = Parameters<typeof filled>[0]
const AMINA: Filled = {
  vid: '2014391641351279',
  name: 'Amina Yusuf',
  dob: '1976-01-01',
  phone: '+254712345678',
  street: '12 Lake Road',
  city: 'Kisumu',
}
const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`
const submit = (id: string, person: Filled, minute: number, more: object = {}): Promise<void> =>
  office.central.obey({
    submit: [{ form: FORM, id: `uuid:${id}`, data: { ...filled(person), ...more }, at: at(minute) }],
  })
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: unknown) => (error instanceof OfficeError ? error.fault.code : String(error)),
  )
const numberOf = (registrantId: string) =>
  office.store.find('identityNumber', identityNumberId(registrantId, 'MOSIP VID'))
const consentOf = (registrantId: string) => office.store.find('consent', consentId(registrantId, 'mosip-token'))
const proposals = (): { id: string; field: string; value: string }[] =>
  office.store.sql('SELECT id, field, value FROM kyc_proposal ORDER BY field').all() as never

describe('asking before anything is read', () => {
  test('nothing new, a wrong password, a missing right, an unknown form and a broken server are different answers', async () => {
    const ask = (changed: object = {}) =>
      countForm(office.store, office.http, { ...office.connector, odk: { ...office.connector.odk, ...changed } })
    expect(await ask()).toEqual({ count: 0, newest: null })
    await submit('1', AMINA, 1)
    expect(await ask()).toEqual({ count: 1, newest: at(1) })
    expect(await codeOf(ask({ odataUrl: '', projectId: '1', formId: 'nope' }))).toBe('odk.unknown-form')
    await office.central.obey({ users: [{ ...READER, projects: [] }] })
    expect(await codeOf(ask())).toBe('odk.no-right')
    office.setPassword('wrong')
    expect(await codeOf(ask())).toBe('odk.wrong-password')
    await office.central.obey({ faults: [{ do: 'status', status: 502 }] })
    expect(await codeOf(ask())).toBe('odk.failing')
    expect(office.central.summary().sessions).toBe(0)
  })

  test('single sign-on is told as such', async () => {
    const other = await startCentralPeer({ ...centralOptions, singleSignOn: true })
    const client = new CentralClient(office.http, other.origin, READER)
    expect(await codeOf(client.forms())).toBe('odk.single-sign-on')
    await other.close()
  })

  test('forms and questions come from the server; a session that ended is begun again', async () => {
    const client = new CentralClient(office.http, office.central.origin, READER)
    expect(await client.forms()).toMatchObject([{ projectId: '1', formId: FORM, name: 'Household registration' }])
    await office.central.obey({ endSessions: true })
    const questions = await client.questions({
      baseUrl: office.central.origin,
      projectId: '1',
      formId: FORM,
      submissionsUrl: '',
    })
    expect(questions).toContainEqual({ path: 'identity.vid', type: 'string' })
    expect(questions.map(({ path }) => path)).not.toContain('identity')
  })
})

describe('reading a form', () => {
  test('new people are registered with number and consent; reading again changes nothing', async () => {
    await submit('1', AMINA, 1)
    await submit('2', JOSEPH, 2, { consent: 'no' })
    expect(await office.read()).toMatchObject({ count: 2, registered: 2, doubtful: 0 })
    const [amina, joseph] = office.people()
    expect(amina).toMatchObject({
      name: 'Amina Yusuf',
      gender: 'female',
      birthdate: '1976-01-01',
      address: '12 Lake Road',
    })
    expect(amina?.phoneNumbers).toMatchObject([{ number: '+254712345678' }])
    expect(numberOf(amina?.id ?? '')).toMatchObject({ value: '2014391641351279', removed: false })
    expect(consentOf(amina?.id ?? '')).toMatchObject({ given: true, how: 'form', on: '2026-03-01' })
    expect(consentOf(joseph?.id ?? '')).toBeUndefined()
    expect(await office.read()).toMatchObject({ count: 2, unchanged: 2, registered: 0 })
    expect(office.people()).toHaveLength(2)
  })

  test('every page is read, beyond the first one', async () => {
    const many = Array.from({ length: 450 }, (_, index) => ({
      form: FORM,
      id: `uuid:many-${index}`,
      data: filled({ ...AMINA, vid: String(3_000_000_000_000_000 + index), name: `Person ${index}`, phone: null }),
      at: new Date(Date.parse('2026-03-01T00:00:00.000Z') + index * 1_000).toISOString(),
    }))
    await office.central.obey({ submit: many })
    // People of one birthday whose names differ in a number alone are as many people.
    expect(await office.read()).toMatchObject({ count: 450, registered: 450 })
  })

  test('what became visible late is not missed, and what a reading that broke off left is taken up', async () => {
    await submit('1', AMINA, 20)
    await office.read()
    // Its date lies before the newest that was read.
    await submit('2', JOSEPH, 10)
    expect(await office.read()).toMatchObject({ registered: 1, unchanged: 1 })
    await submit('3', { ...AMINA, vid: '1111222233334444', name: 'Chala Desta', dob: '1990-02-02', phone: null }, 30)
    await office.central.obey({ faults: [{ do: 'cut-within', path: 'Submissions' }] })
    expect(await codeOf(office.read())).toBe('http.connection-lost')
    expect(await office.read()).toMatchObject({ registered: 1 })
  })

  test('an edit is of whom the submission was of; what differs waits for an officer, field by field', async () => {
    await submit('1', AMINA, 1)
    await office.read()
    const [amina] = office.people()
    await office.central.obey({
      edit: [
        {
          form: FORM,
          id: 'uuid:1',
          instanceId: 'uuid:1-again',
          data: filled({ ...AMINA, street: '9 New Street', phone: '+254799999999' }),
          at: at(40),
        },
      ],
    })
    expect(await office.read()).toMatchObject({ matched: 1, registered: 0, proposals: 2 })
    expect(office.people()).toEqual([amina])
    const [address, phone] = proposals()
    expect([address?.field, phone?.field]).toEqual(['address', 'phone'])
    decideProposal(office.store, OFFICE, address?.id ?? '', true)
    decideProposal(office.store, OFFICE, phone?.id ?? '', false)
    const [after] = office.people()
    expect(after).toMatchObject({ address: '9 New Street', phoneNumbers: amina?.phoneNumbers })
    expect(proposals()).toEqual([])
    expect(
      await codeOf(Promise.resolve().then(() => decideProposal(office.store, OFFICE, phone?.id ?? '', true))),
    ).toBe('odk.proposal-decided')
  })

  test('reviews that are not asked for are left alone until they are', async () => {
    await submit('1', AMINA, 1)
    expect(await office.read({ reviewStates: ['approved'], includeEdits: false })).toMatchObject({ count: 0 })
    await submit('2', JOSEPH, 5)
    await office.central.obey({ review: [{ form: FORM, id: 'uuid:2', state: 'approved', at: at(6) }] })
    expect(await office.read({ reviewStates: ['approved'], includeEdits: false })).toMatchObject({ registered: 1 })
    await office.central.obey({ review: [{ form: FORM, id: 'uuid:1', state: 'approved', at: at(59) }] })
    expect(await office.read({ reviewStates: ['approved'], includeEdits: false })).toMatchObject({ registered: 1 })
  })
})

describe('whose a submission is', () => {
  test('people who are known keep their record; a number is added, differences are proposed', async () => {
    await submit('1', { ...AMINA, vid: null }, 1)
    await office.read()
    const [amina] = office.people()
    expect(numberOf(amina?.id ?? '')).toBeUndefined()
    await submit('2', { ...AMINA, street: '9 New Street' }, 2)
    expect(await office.read()).toMatchObject({ matched: 1, proposals: 1 })
    expect(office.people()).toEqual([amina])
    expect(numberOf(amina?.id ?? '')).toMatchObject({ value: '2014391641351279' })
  })

  test('another person’s number, another birthday and a shared phone wait for an officer', async () => {
    await submit('1', AMINA, 1)
    await office.read()
    await submit('2', { ...JOSEPH, vid: AMINA.vid }, 2)
    await submit('3', { ...AMINA, vid: '9999888877776666' }, 3)
    await submit('4', { ...JOSEPH, vid: null, phone: AMINA.phone ?? null }, 4)
    expect(await office.read()).toMatchObject({ doubtful: 3, registered: 0, matched: 0 })
    expect(office.people()).toHaveLength(1)
    expect(numberOf(office.people()[0]?.id ?? '')).toMatchObject({ value: AMINA.vid })
    const doubtful = office.taken().filter(({ state }) => state === 'doubtful')
    expect(doubtful.map(({ reason }) => reason)).toEqual(['contradiction', 'contradiction', 'weak'])
    const [, second, third] = doubtful
    decideSubmission(office.store, OFFICE, { ref: third?.ref ?? '', verdict: { kind: 'new' } }, 1)
    decideSubmission(office.store, OFFICE, { ref: second?.ref ?? '', verdict: { kind: 'ignore' } }, 1)
    expect(office.people()).toHaveLength(2)
    const left = office.store.sql('SELECT count(*) FROM odk_submission WHERE proposal IS NOT NULL').pluck().get()
    expect(left).toBe(1)
    expect(
      await codeOf(
        Promise.resolve().then(() =>
          decideSubmission(office.store, OFFICE, { ref: second?.ref ?? '', verdict: { kind: 'new' } }, 1),
        ),
      ),
    ).toBe('odk.submission-decided')
  })

  test('an officer joins a doubtful one to whom it is of', async () => {
    await submit('1', { ...AMINA, vid: null }, 1)
    await submit('2', { ...JOSEPH, vid: '9999888877776666', phone: AMINA.phone ?? null }, 2)
    await office.read()
    const [amina] = office.people()
    const [doubtful] = office.taken().filter(({ state }) => state === 'doubtful')
    decideSubmission(
      office.store,
      OFFICE,
      { ref: doubtful?.ref ?? '', verdict: { kind: 'same', registrantId: amina?.id ?? '' } },
      1,
    )
    expect(numberOf(amina?.id ?? '')).toMatchObject({ value: '9999888877776666' })
  })

  test('a form without a name registers nobody, and says why', async () => {
    await submit('1', { ...AMINA, name: '' }, 1)
    expect(await office.read()).toMatchObject({ refused: 1 })
    expect(office.taken()).toMatchObject([{ state: 'refused', reason: 'registry.name-missing' }])
    expect(office.people()).toEqual([])
  })
})
