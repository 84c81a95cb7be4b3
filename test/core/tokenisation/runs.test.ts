import { afterEach, describe, expect, test } from 'vitest'
import { CONNECTOR, idOf, TokenScene, until, VID, vidOf } from './scene.ts'

let scene: TokenScene
afterEach(() => scene.close())

/** How many wait for an officer, as the list and the chart say. */
async function toCorrect(): Promise<number> {
  const { reader } = scene.office
  const chart = { vidType: VID, tokenType: 'MOSIP UIN TOKEN', areas: 5, days: 3, now: scene.time.now(), ahead: 0 }
  const list = await reader.run('tokenisation.to-correct', { class: null, after: null, limit: 10 })
  expect((await reader.run('tokenisation.coverage', chart)).toCorrect).toBe(list.total)
  expect(list.rows.length).toBe(list.total)
  return list.total
}

describe('a run with fetched answers', () => {
  test('gives everybody the right token and leaves no VID behind', async () => {
    scene = await TokenScene.open(7, { chunkSize: 3 })
    const run = await scene.run()
    expect(run).toMatchObject({ state: 'done', counts: { people: 7, tokenised: 7 }, requests: 3, unusable: 0 })
    const given = new Map(scene.peer.ledger().map(({ person, token }) => [person, token]))
    for (let n = 1; n <= 7; n += 1) {
      expect(scene.tokenOf(n), `person ${n}`).toBe(given.get(vidOf(n)) ?? 'none')
      expect(scene.number(n, VID)).toMatchObject({ removed: true, value: '' })
    }
    const all = scene.dump()
    for (let n = 1; n <= 7; n += 1) expect(all).not.toContain(vidOf(n))
    // Nobody is sent again.
    expect(await scene.run()).toMatchObject({ state: 'done', counts: { people: 0 } })
  })

  test('who cannot be sent is listed with the reason, the others are sent', async () => {
    scene = await TokenScene.open(1)
    scene.addPerson(2, {}, { consent: false })
    scene.addPerson(3, {}, { vid: 'ABC1234567890' })
    scene.addPerson(4, {}, { vid: '123' })
    scene.addPerson(5, { birthdate: null })
    scene.addPerson(6, { address: '', area: '' })
    scene.addPerson(7, { gender: '' })
    scene.addPerson(8, { removed: true })
    scene.addPerson(9, { deceasedOn: '2026-01-05' })
    scene.addPerson(10, {}, { vid: '' })
    const run = await scene.run(Array.from({ length: 10 }, (_, index) => idOf(index + 1)))
    expect(run).toMatchObject({
      state: 'done',
      counts: { people: 10, tokenised: 1, skipped: 9 },
      classes: { local: 9 },
    })
    const reasons = new Map((await scene.items(run.id)).map(({ registrantId, reason }) => [registrantId, reason]))
    const reasonOf = (n: number) => reasons.get(idOf(n))
    expect([2, 3, 4, 5, 6, 7, 8, 9, 10].map(reasonOf)).toEqual([
      'no-consent',
      'vid-not-digits',
      'vid-length',
      'no-mapped-part',
      'no-mapped-part',
      'no-mapped-part',
      'removed',
      'deceased',
      'no-vid',
    ])
    expect(scene.peer.summary().records).toBe(1)
  })

  test('by itself it takes who is in the filter, which knows the types of identity numbers', async () => {
    scene = await TokenScene.open(3, {
      filter: `[["is_registrant","=",true],["reg_ids.id_type","=like","MOSIP VID"],"!",["reg_ids.id_type","=like","National ID"]]`,
    })
    scene.setVid(2, '123456', 'National ID')
    expect((await scene.run()).counts).toMatchObject({ people: 2, tokenised: 2 })
    expect(scene.tokenOf(2)).toBeUndefined()
    await scene.set({ filter: `[["reg_ids.id_type","in",["National ID"]]]` })
    expect((await scene.run()).counts).toMatchObject({ people: 1, tokenised: 1 })
    const { reader } = scene.office
    const count = (filter: string) => reader.run('registry.count', { filter })
    expect(await count(`[["reg_ids.id_type","=","MOSIP UIN TOKEN"]]`)).toBe(3)
    // A number that was given up for a token is none any more.
    expect(await count(`[["reg_ids.id_type","=","MOSIP VID"]]`)).toBe(0)
    expect(await count(`[["reg_ids","=",false]]`)).toBe(0)
  })

  test('by itself it takes nobody without consent, and who was refused only after a correction', async () => {
    scene = await TokenScene.open(
      2,
      {},
      {
        answers: {
          [vidOf(1)]: { errors: [{ code: 'IDA-DEA-001', message: 'Demographic data name in eng did not match' }] },
        },
      },
    )
    scene.addPerson(3, {}, { consent: false })
    const first = await scene.run()
    expect(first.counts).toMatchObject({ people: 2, tokenised: 1, refused: 1 })
    expect(await scene.itemOf(first.id, 1)).toMatchObject({
      class: 'demographics',
      code: 'IDA-DEA-001',
      params: { fact: 'name' },
    })
    expect((await scene.run()).counts.people).toBe(0)
    expect(await toCorrect()).toBe(1)
    scene.addPerson(1, { name: 'Other Name', givenName: 'Other' })
    // Nothing more is to be done: the next run takes this person.
    expect(await toCorrect()).toBe(0)
    await scene.peer.obey({ answers: { [vidOf(1)]: { token: 'T'.repeat(43) } } })
    expect((await scene.run()).counts).toMatchObject({ people: 1, tokenised: 1 })
    expect(scene.tokenOf(1)).toBe('T'.repeat(43))
    expect(scene.tokenOf(3)).toBeUndefined()
  })
})

test('consent that is given later, and a token that is there, leave nobody among those to correct', async () => {
  scene = await TokenScene.open(1)
  scene.addPerson(2, {}, { consent: false })
  await scene.run([idOf(1), idOf(2)])
  await scene.run([idOf(1), idOf(2)])
  const wrong = await scene.office.reader.run('tokenisation.to-correct', { class: null, after: null, limit: 10 })
  expect(wrong.total).toBe(0)
  scene.setConsent(2, true)
  expect((await scene.run()).counts).toMatchObject({ people: 1, tokenised: 1 })
  expect(
    await scene.office.reader.run('tokenisation.coverage', {
      vidType: VID,
      tokenType: 'MOSIP UIN TOKEN',
      areas: 5,
      days: 3,
      now: scene.time.now(),
      ahead: 0,
    }),
  ).toMatchObject({ people: 2, tokenised: 2, waiting: 0, areas: [{ area: 'North', people: 2, tokenised: 2 }] })
})

test.each([
  ['empty', 'format-empty'],
  ['{"token": .input.id}', 'format-differs'],
])('an output format of %s stores nothing', async (outputFormat, code) => {
  scene = await TokenScene.open(1, { outputFormat })
  const run = await scene.run()
  expect(await scene.itemOf(run.id, 1)).toMatchObject({ state: 'refused', class: 'format', code })
  expect(scene.number(1, VID)?.value).toBe(vidOf(1))
})

describe('whatever the seeder does', () => {
  test('another VID, a null token and an empty format store nothing', async () => {
    scene = await TokenScene.open(6, { chunkSize: 2 })
    scene.peer.faults.add({ do: 'other-vid' }, { do: 'null-token' }, { do: 'empty' })
    const run = await scene.run()
    expect(run.counts).toMatchObject({ people: 6, tokenised: 0 })
    expect(run.classes).toMatchObject({ mismatch: 2, later: 2, unanswered: 2 })
    for (let n = 1; n <= 6; n += 1) {
      expect(scene.tokenOf(n)).toBeUndefined()
      expect(scene.number(n, VID)).toMatchObject({ removed: false, value: vidOf(n) })
    }
  })

  test('lost, doubled, shuffled and earlier answers come to the right end in later runs', async () => {
    scene = await TokenScene.open(8, { chunkSize: 2 })
    scene.peer.faults.add({ do: 'lose-some' }, { do: 'twice' }, { do: 'shuffle' }, { do: 'earlier-too' })
    const run = await scene.run()
    expect(run.state).toBe('done')
    expect(run.counts.tokenised + run.counts.unanswered).toBe(8)
    scene.time.jump(61 * scene.time.minute)
    await scene.run()
    for (let n = 1; n <= 8; n += 1) expect(scene.tokenOf(n), `person ${n}`).toBeDefined()
  })

  test('a seeder that forgets leaves people unanswered, and a later run sends them', async () => {
    scene = await TokenScene.open(3)
    scene.peer.faults.add({ do: 'forget' })
    const run = await scene.run()
    expect(run).toMatchObject({ state: 'done', counts: { unanswered: 3 }, classes: { unanswered: 3 } })
    // Not before the pause is over.
    expect((await scene.run()).counts.people).toBe(0)
    scene.time.jump(61 * scene.time.minute)
    expect((await scene.run()).counts).toMatchObject({ people: 3, tokenised: 3 })
  })

  test('one record that breaks a request is found and refused, the others get their tokens', async () => {
    scene = await TokenScene.open(9, {}, { unreadableNames: ['Person P5'] })
    const run = await scene.run()
    expect(run).toMatchObject({ state: 'done', counts: { tokenised: 8, refused: 1 }, classes: { unreadable: 1 } })
    expect(await scene.itemOf(run.id, 5)).toMatchObject({ class: 'unreadable' })
  })

  test('settings that it refuses end the run with its own code, and nobody is marked', async () => {
    scene = await TokenScene.open(3, { language: 'eng' })
    scene.peer.faults.add({ do: 'status', status: 400, times: null, path: 'POST' })
    const run = await scene.run()
    expect(run).toMatchObject({ state: 'failed', fault: { code: 'tokenisation.seeder-refuses' } })
    scene.peer.faults.clear()
    expect((await scene.run()).counts.tokenised).toBe(3)
  })

  test('people who were chosen by name are listed also where the run failed before their turn came', async () => {
    scene = await TokenScene.open(2)
    scene.addPerson(3, {}, { consent: false })
    scene.peer.faults.add({ do: 'status', status: 400, times: null, path: 'POST' })
    const run = await scene.run([1, 2, 3].map(idOf))
    expect(run).toMatchObject({ state: 'failed', counts: { people: 3, unanswered: 2, skipped: 1 } })
    scene.peer.faults.clear()
    expect((await scene.run()).counts.tokenised).toBe(2)
  })

  test('in synchronous mode it says so', async () => {
    scene = await TokenScene.open(2, {}, { syncMode: true })
    expect(await scene.run()).toMatchObject({ state: 'failed' })
  })

  test('an answer for somebody whose VID was changed meanwhile is not stored', async () => {
    scene = await TokenScene.open(2, {}, { processing: 300 })
    const id = await scene.office.tokenisation.runNow('administrator', CONNECTOR, null)
    while (scene.peer.summary().accepted === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    scene.setVid(1, '9999999999999999')
    const run = await scene.ended(id)
    expect(run.counts).toMatchObject({ tokenised: 1, refused: 1 })
    expect(await scene.itemOf(id, 1)).toMatchObject({ class: 'mismatch', code: 'changed-meanwhile' })
    expect(scene.number(1, VID)).toMatchObject({ removed: false, value: '9999999999999999' })
    // The record is another one now, so the next run takes it.
    expect((await scene.run()).counts).toMatchObject({ people: 1, tokenised: 1 })
  })

  test('a token of somebody who withdrew consent meanwhile is not kept, and later consent is enough', async () => {
    scene = await TokenScene.open(2, {}, { processing: 300 })
    const id = await scene.office.tokenisation.runNow('administrator', CONNECTOR, null)
    while (scene.peer.summary().accepted === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    scene.setConsent(1, false)
    const run = await scene.ended(id)
    expect(run).toMatchObject({ counts: { tokenised: 1, skipped: 1 }, classes: { local: 1 } })
    expect(await scene.itemOf(id, 1)).toMatchObject({ state: 'skipped', class: 'local', reason: 'no-consent' })
    expect(scene.tokenOf(1)).toBeUndefined()
    expect(scene.number(1, VID)).toMatchObject({ removed: false, value: vidOf(1) })
    const token = scene.peer.ledger().find(({ person }) => person === vidOf(1))?.token ?? ''
    expect(token).not.toBe('')
    expect(scene.dump()).not.toContain(token)
    expect((await scene.run()).counts.people).toBe(0)
    scene.setConsent(1, true)
    expect((await scene.run()).counts).toMatchObject({ people: 1, tokenised: 1 })
    expect(scene.tokenOf(1)).toBe(token)
  })

  /** Starts a run, and waits until people are made ready while the request before them is with the seeder. */
  async function withPeopleReady(): Promise<{ readonly id: string; readonly people: readonly string[] }> {
    scene = await TokenScene.open(9, { chunkSize: 3 }, { processing: 300 })
    const id = await scene.office.tokenisation.runNow('administrator', CONNECTOR, null)
    const ready = scene.office.store
      .sql(
        `SELECT registrant_id FROM token_item WHERE request_id = (SELECT id FROM token_request WHERE state = 'ready')`,
      )
      .pluck()
    await until(() => ready.all().length === 3)
    return { id, people: ready.all() as string[] }
  }

  test('who withdraws consent after being made ready, before the request leaves, is not sent', async () => {
    const { id, people } = await withPeopleReady()
    const n = Array.from({ length: 9 }, (_, index) => index + 1).find((one) => idOf(one) === people[1]) ?? 0
    scene.setConsent(n, false)
    const run = await scene.ended(id)
    expect(run).toMatchObject({ counts: { people: 9, tokenised: 8, skipped: 1 } })
    expect(await scene.itemOf(id, n)).toMatchObject({ state: 'skipped', reason: 'no-consent', tries: 0 })
    expect(scene.peer.summary().records).toBe(8)
  })

  test('who was made ready in a run that is stopped was not sent, and is not listed', async () => {
    const { id, people } = await withPeopleReady()
    await scene.office.tokenisation.stopRun('administrator', id)
    const listed = (await scene.items(id)).map(({ registrantId }) => registrantId)
    expect(listed).toHaveLength(6)
    for (const person of people) expect(listed).not.toContain(person)
    await until(() => scene.office.scheduler.queue.findByKey('tokenise.run', CONNECTOR) === undefined)
    expect(scene.peer.summary().records).toBe(6)
    await scene.run()
    for (const person of people)
      expect((await scene.items(id)).some((item) => item.registrantId === person)).toBe(false)
    for (let n = 1; n <= 9; n += 1) if (people.includes(idOf(n))) expect(scene.tokenOf(n)).toBeDefined()
  })

  test('an office that is shut in the middle goes on where it was', async () => {
    scene = await TokenScene.open(10, { chunkSize: 2 }, { processing: 100 })
    const id = await scene.office.tokenisation.runNow('administrator', CONNECTOR, null)
    while (scene.peer.summary().accepted < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await scene.reopen()
    const run = await scene.ended(id)
    expect(run).toMatchObject({ state: 'done', counts: { people: 10, tokenised: 10 } })
  })
})

test('one token for two people is shown to an officer, and both keep what they have', async () => {
  scene = await TokenScene.open(3, {}, { people: [{ person: 'one', vids: [vidOf(1), vidOf(2)] }] })
  await scene.run()
  expect(scene.tokenOf(1)).toBe(scene.tokenOf(2))
  const [found, ...others] = await scene.office.reader.run('tokenisation.duplicates', { open: true })
  expect(others).toEqual([])
  expect(found?.people.map(({ registrantId }) => registrantId).sort()).toEqual([idOf(1), idOf(2)].sort())
})

test('the schedule runs a started connector, once where it is a one-time job', async () => {
  scene = await TokenScene.open(2, { jobType: 'one-time', intervalMinutes: 0 })
  await scene.office.tokenisation.start('administrator', CONNECTOR)
  while (scene.office.store.get('connector', CONNECTOR).state !== 'completed') {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect([scene.tokenOf(1), scene.tokenOf(2)]).not.toContain(undefined)
})
