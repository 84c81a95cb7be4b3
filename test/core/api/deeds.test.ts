import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { admit, goThrough, type LinkedOffice, linkedOffice, signIn } from '../identity/openid/linked-office.ts'
import { type Procedure, procedures } from './procedures.ts'

// Keys are sealed under PINs again and again, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** What hands money over or says that it was, written down a second time, so that nobody takes one off in passing. */
const deedTable: Readonly<Record<string, string>> = {
  approve: 'batches.decide dispatch.approveResend programmes.cycles.move programmes.entitlements.move',
  settle: 'dispatch.recordEvidence dispatch.confirmEvidence payTable.confirm files.applyResults files.withdraw',
  send: 'dispatch.send files.takeCopy',
  'hand-over': 'dispatch.takeOver centralFiles.handOver',
  tick: 'payTable.tick',
}

/** Commands of the same rooms, or that take the PIN, which move no money: each was looked at. */
const others = [
  // Stop, hold back or leave out; nothing goes out by them that was not approved.
  'dispatch.cancel dispatch.hold dispatch.release dispatch.leaveOut dispatch.holdPayment dispatch.stopAll',
  // Ask only.
  'dispatch.checkBatch dispatch.checkPayment files.checkVoucher mapper.ask mapper.callOff mapper.tryOne',
  // Put something together that somebody approves afterwards.
  'batches.prepare batches.submit batches.putAside',
  // Files on their way in, before they are applied; files of changes, which carry no right to send.
  'files.beginResults files.appendResults files.previewResults files.discardResults',
  'centralFiles.cancel centralFiles.exportBegin centralFiles.exportPiece centralFiles.uploadBegin',
  'centralFiles.uploadPiece centralFiles.check centralFiles.importBegin centralFiles.discard',
  'centralFiles.readCard centralFiles.addRecipient',
  // Of officers, keys, settings and the office itself, by an administrator or the officer concerned.
  'session.signIn signIn.askIn signIn.save signIn.setState signIn.approve signIn.link signIn.unlink',
  'officers.create officers.change officers.setState officers.resetPin officers.confirmReset officers.delegate',
  'officers.arrangeAbsence officers.answerAbsence moving.retire moving.stayHere lost.report',
  'officers.endDelegation managers.save managers.setState',
  'offices.revoke offices.confirmServer central.configure central.leave central.answerRemovals',
  'dispatch.confirmRestored dispatch.declareSoleOffice',
  'tokenisation.connectors.save tokenisation.connectors.remove',
  'session.changePin updates.change updates.install recovery.make',
  'keys.useKeyStore keys.setPassphrase keys.prepareReplacement keys.replace',
  'keeping.change keeping.erase',
  'callbacks.save callbacks.setCertificate callbacks.setInboxPassword callbacks.renewPath',
]

const deeds = procedures.filter(({ deed }) => deed !== undefined)
const PIN = '903718'

test('each command of money, and each that takes the PIN, is a deed or was looked at', () => {
  const rooms = ['dispatch.', 'files.', 'payTable.', 'batches.', 'centralFiles.', 'mapper.']
  const ofMoney = ({ path, type, takesPin }: Procedure): boolean =>
    type === 'mutation' && (takesPin || rooms.some((room) => path.startsWith(room)))
  const written = Object.values(deedTable).flatMap((paths) => paths.split(' '))
  const looked = others.flatMap((paths) => paths.split(' '))
  const found = procedures.filter(ofMoney).map(({ path }) => path)
  expect(found.filter((path) => !written.includes(path) && !looked.includes(path))).toEqual([])
  const known = Object.entries(deedTable).flatMap(([deed, paths]) => paths.split(' ').map((path) => `${deed} ${path}`))
  expect(deeds.map(({ path, deed }) => `${deed?.deed} ${path}`).toSorted()).toEqual(known.toSorted())
})

describe('a deed at an officer whose provider wants to see them before', () => {
  let linked: LinkedOffice
  beforeAll(async () => {
    linked = await linkedOffice({ stepUp: 'approving-and-sending', stepUpOffline: 'refused' })
    const roles = ['clerk', 'approver', 'administrator', 'auditor']
    await admit(linked, { user: 'officer-one', roles, pin: PIN })
    await signIn(linked, 'desk')
  })
  afterAll(() => linked.close())

  /** What it is about, and nothing else that it would need. */
  const inputFor = ({ path, deed }: Procedure, said = path) => ({
    ...Object.fromEntries((deed?.about ?? []).map((field) => [field, `${field} of ${said}`])),
    ...deed?.only,
  })

  test.each(deeds.map((one) => [one.path, one] as const))('%s waits for it', async (path, one) => {
    const { office } = linked
    const input = inputFor(one)
    const answer = await office.ask(path, input, 'desk')
    expect(answer).toMatchObject({ ok: false, error: { code: 'sign-in.step-up-needed' } })
    if (answer.ok) return
    const { deed, ids } = answer.error.params
    expect(deed).toBe(one.deed?.deed)
    expect(ids).not.toBe('')
    const wanted = { deed, ids: one.deed?.about.map((field) => `${field} of ${path}`), language: 'en' }
    await goThrough(linked, await office.get('signIn.beginStepUp', wanted, 'desk'), 'desk')
    // Now the rest of the input is looked at, and it was not used up by that.
    expect(await office.codeOf(path, input, 'desk')).toBe('api.input-invalid')
    expect(await office.codeOf(path, input, 'desk')).toBe('api.input-invalid')
    // For nothing else than this.
    expect(await office.codeOf(path, inputFor(one, 'another'), 'desk')).toBe('sign-in.step-up-needed')
  })

  test('who sends a batch back is not asked', async () => {
    const back = { batchId: 'a batch', submissionId: 'a submission', verdict: 'return' }
    expect(await linked.office.codeOf('batches.decide', back, 'desk')).toBe('api.input-invalid')
    const cycle = { cycleId: 'a cycle', move: 'return' }
    expect(await linked.office.codeOf('programmes.cycles.move', cycle, 'desk')).toBe('api.input-invalid')
  })

  test('without a line all wait but the ticks of a table, which a second officer looks through', async () => {
    const { http } = linked.office.core.getOffice()
    http.cutLine(true)
    for (const one of deeds) {
      const code = await linked.office.codeOf(one.path, inputFor(one, 'far away'), 'desk')
      expect({ path: one.path, code }).toEqual({
        path: one.path,
        code: one.deed?.deed === 'tick' ? 'api.input-invalid' : 'sign-in.step-up-no-line',
      })
    }
    http.cutLine(false)
  })
})

test('where only approving is to be confirmed, sending and handing over are not', async () => {
  const linked = await linkedOffice({ stepUp: 'approving', stepUpOffline: 'refused' })
  await admit(linked, { user: 'officer-one', roles: ['clerk', 'approver', 'administrator'], pin: PIN })
  await signIn(linked, 'desk')
  const asked = new Set<string>()
  for (const { path, deed } of deeds) {
    if (deed === undefined) continue
    const input = { ...Object.fromEntries(deed.about.map((field) => [field, 'x'])), ...deed.only }
    if ((await linked.office.codeOf(path, input, 'desk')) === 'sign-in.step-up-needed') asked.add(deed.deed)
  }
  expect([...asked].toSorted()).toEqual(['approve', 'settle'])
  await linked.close()
})
