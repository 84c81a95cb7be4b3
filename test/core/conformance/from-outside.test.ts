import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDesk } from '../../../electron/core/doors/desk.ts'
import type { ManagerSettings } from '../../../electron/core/managers/finding.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { ConformanceResult } from '../../../shared/model/conformance.ts'
import { managerSettings } from '../managers/settings.ts'
import { ADMIN_PIN, newOffice, type OpenOffice, PASSPHRASE } from '../open-office.ts'
import { programmeSettings } from '../programmes/practice-office.ts'

/* The self-test of a real office, through the API and from the command line, against a payment system over HTTP. */

let directory: string
let peer: G2pConnectPeer
let office: OpenOffice
let keyId: string

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-conformance-'))
  peer = await startG2pConnectPeer({ ledgerFile: join(directory, 'ledger.jsonl'), controlToken: 'x'.repeat(20) })
  office = (await newOffice()).office
  const key = await office.get<{ keyId: string }>('managers.makeMessageKey', { purpose: 'signing', type: 'ed25519' })
  keyId = key.keyId
})
afterEach(async () => {
  await office.close()
  await peer.stop()
  rmSync(directory, { recursive: true, force: true })
})

interface Kept {
  readonly id: string
  readonly changedAt: string
}

const settings = (change: Partial<ManagerSettings> = {}): ManagerSettings =>
  managerSettings(keyId, {
    paymentEndpointUrl: peer.urls.syncDisburse,
    statusEndpointUrl: peer.urls.syncStatus,
    receiverId: 'payments.example.org',
    mode: 'sync',
    ...change,
  })

const save = (kept: Kept | null, change: Partial<ManagerSettings> = {}) => ({
  id: kept?.id ?? null,
  basedOn: kept?.changedAt ?? null,
  pin: ADMIN_PIN,
  settings: settings(change),
  approvalsLost: 0,
})

const sandboxOf = (programmeId: string) => ({
  programmeId,
  payeeAddress: 'account:777@sandbox',
  payeeName: 'Sandbox holder',
  amount: 100,
  currency: 'ETB',
})

const programme = async (): Promise<string> =>
  (await office.get<{ id: string }>('programmes.programme.create', programmeSettings())).id

/** What a command said, and its exit code. */
async function desk(
  ...argv: string[]
): Promise<{ code: number; said: { results: ConformanceResult[] }; lines: string[] }> {
  const lines: string[] = []
  let said: unknown = { results: [] }
  const code = await runDesk(argv, {
    say: (answer) => (said = answer),
    explain: (line) => lines.push(line),
    wordsOf: ({ code }) => code,
  })
  return { code, said: said as { results: ConformanceResult[] }, lines }
}

const secretIn = (name: string, secret: string): string => {
  writeFileSync(join(directory, name), secret)
  return String(openSync(join(directory, name), 'r'))
}

test('an administrator may call duplicate protection proven only once a self-test has shown it, and while none denies it', async () => {
  const kept = await office.get<Kept>('managers.save', save(null))
  const proven = save(kept, { duplicateProtectionProven: true })
  expect(await office.codeOf('managers.save', proven)).toBe('conformance.no-proof')

  const sandbox = { ...sandboxOf(await programme()), pin: ADMIN_PIN }
  const { events, ended } = office.follow('conformance.run', 'window', { managerId: kept.id, sandbox })
  expect(await ended).toBe('fine')
  const found = (events as { found?: ConformanceResult }[]).flatMap((event) => event.found ?? [])
  expect(found.find(({ check }) => check === 'sandbox-repeat')?.outcome).toBe('good')
  expect(found.map(({ outcome }) => outcome)).not.toContain('bad')

  const claimed = await office.get<Kept & { usable: boolean }>('managers.save', proven)
  expect(claimed.usable).toBe(true)

  await peer.order({ behaviour: { duplicateProtection: false } })
  const again = office.follow('conformance.run', 'window', { managerId: kept.id, sandbox })
  expect(await again.ended).toBe('fine')
  const open = await office.get<{ usable: boolean; findings: { code: string }[] }>('managers.open', { id: kept.id })
  expect(open.usable).toBe(false)
  expect(open.findings.map(({ code }) => code)).toContain('conformance.disproven')
  expect(await office.codeOf('managers.save', save(claimed, { duplicateProtectionProven: false }))).toBe('fine')
})

test('a wrong PIN sends no test money', async () => {
  const kept = await office.get<Kept>('managers.save', save(null))
  const sandbox = { ...sandboxOf(await programme()), pin: '000000' }
  const { ended } = office.follow('conformance.run', 'window', { managerId: kept.id, sandbox })
  expect(await ended).toBe('identity.wrong-pin')
  expect(await peer.ledger()).toEqual([])
})

test('while all sending is stopped, the form is told before anything begins', async () => {
  const kept = await office.get<Kept>('managers.save', save(null))
  const sandbox = { ...sandboxOf(await programme()), pin: ADMIN_PIN }
  await office.get('dispatch.stopAll', { stopped: true })
  const { events, ended } = office.follow('conformance.run', 'window', { managerId: kept.id, sandbox })
  expect(await ended).toBe('dispatch.stopped')
  expect(events).toEqual([])
  expect(await peer.ledger()).toEqual([])
})

test('from the command line, of an office that is closed', async () => {
  const kept = await office.get<Kept>('managers.save', save(null))
  const programmeId = await programme()
  await office.close({ keep: true })
  const common = ['conformance', '--data', office.directory, '--manager', kept.id]
  const tested = await desk(...common, '--passphrase-fd', secretIn('passphrase', PASSPHRASE))
  expect(tested.code).toBe(0)
  expect(tested.lines.some((line) => line.includes('status-by-references'))).toBe(true)
  expect(tested.said.results.filter(({ outcome }) => outcome === 'bad')).toEqual([])
  expect(await peer.ledger()).toEqual([])

  const { programmeId: _, ...account } = sandboxOf(programmeId)
  const money = await desk(
    ...common,
    ...[
      '--passphrase-fd',
      secretIn('passphrase', PASSPHRASE),
      '--login',
      'almaz',
      '--pin-fd',
      secretIn('pin', ADMIN_PIN),
    ],
    ...['--sandbox-programme', programmeId, '--payee', account.payeeAddress, '--payee-name', account.payeeName],
    ...['--amount', String(account.amount), '--currency', account.currency],
  )
  expect(money.said.results.find(({ check }) => check === 'sandbox-result')?.outcome).toBe('good')
  expect((await peer.ledger()).map(({ paidCount }) => paidCount)).toEqual([1])

  await peer.stop()
  const down = await desk(...common, '--passphrase-fd', secretIn('passphrase', PASSPHRASE))
  expect(down.code).toBe(1)
  expect(down.lines[0]).toContain('http.not-reachable')
})

test('a folder without an office is named, and none is made there', async () => {
  const nowhere = join(directory, 'nowhere')
  const tested = await desk('conformance', '--data', nowhere, '--manager', 'any')
  expect(tested.code).toBe(1)
  expect(tested.lines).toEqual([expect.stringContaining('vault.no-office')])
  expect(existsSync(nowhere)).toBe(false)
})
