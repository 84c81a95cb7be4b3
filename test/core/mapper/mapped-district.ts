import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decideBatch } from '../../../electron/core/batches/decide.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import { today } from '../../../electron/core/clock/today.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { type MapperPeer, startMapperPeer } from '../../../electron/peers/mapper/mapper-peer.ts'
import type { LinkedAccount, MapperPeerOptionsInput } from '../../../electron/peers/mapper/peer-options.ts'
import { identityNumberId, registrantId } from '../../../shared/model/ids.ts'
import type { MapperSettings } from '../../../shared/model/mapper.ts'
import { usualMapper } from '../../../shared/rules/mapper/defaults.ts'
import { quickTime, until } from '../dispatch/sending-office.ts'
import { type District, PIN as OFFICER_PIN, openDistrict, put } from '../district.ts'

export const ID_TYPE = 'NATIONAL ID'
const wireId = (n: number): string => `token:N${1000 + n}@nationalId`

/** The account that household n's head has linked; the variant-th one. */
export const linked = (n: number, variant = 0): LinkedAccount => ({
  id: wireId(n),
  account: { kind: 'bank', number: `${420_000 + n}${variant}`, bankCode: 'BANK1', bankName: 'Bank No. 1' },
  inactive: false,
})
export const unlinked = (n: number): LinkedAccount => ({ id: wireId(n), account: null, inactive: false })

export const mapperSettings = (url: string, more: Partial<MapperSettings> = {}): MapperSettings => {
  const { profile = 'spar-1' } = more
  return {
    profile,
    resolveUrl: url,
    senderId: 'office.example.org',
    senderUri: '',
    receiverId: 'mapper.example.org',
    idType: ID_TYPE,
    idTemplate: 'token:{value}@nationalId',
    strategies: [...usualMapper[profile].strategies],
    addressTypes: { bank: 'account_no', mobile: 'phone', email: 'email' },
    kinds: ['bank', 'mobile', 'email'],
    providers: [{ theirs: 'BANK1', ours: 'ABCDETAA' }],
    onlyListedProviders: false,
    questionSize: 100,
    apiTimeout: 2,
    authentication: { kind: 'none' },
    signing: { kind: 'none' },
    replySigning: 'none',
    receiverKey: null,
    certificateAuthority: '',
    ...more,
  }
}

/** A district whose people are paid where a mapper says, beside the mapper and a payment system. */
export interface MappedDistrict extends District {
  readonly mapperPeer: MapperPeer
  readonly payments: G2pConnectPeer
  /** Asks about everybody of the cycle and waits for the end of it. */
  askAll(renew?: boolean): Promise<void>
  prepare(): Promise<readonly string[]>
  /** Submits and approves a batch. */
  approve(batchId: string): Promise<void>
  /** Payments by state and reason. */
  states(): Record<string, number>
}

export async function openMappedDistrict(
  households: number,
  {
    mapper = {},
    peer = {},
    partSize = 500,
  }: {
    readonly mapper?: Partial<MapperSettings>
    readonly peer?: MapperPeerOptionsInput
    readonly partSize?: number
  } = {},
): Promise<MappedDistrict> {
  const folder = mkdtempSync(join(tmpdir(), 'mapped-'))
  const profile = mapper.profile ?? 'spar-1'
  const mapperPeer = await startMapperPeer({
    generation: profile === 'spar-0.1' ? 'spar-1' : profile,
    people: Array.from({ length: households }, (_, index) => linked(index + 1)),
    ...peer,
  })
  const payments = await startG2pConnectPeer({
    ledgerFile: join(folder, 'ledger.jsonl'),
    controlToken: 'x'.repeat(20),
  })
  const district = await openDistrict({
    households,
    time: quickTime(),
    manager: {
      payeeIdType: 'mapper',
      mapper: mapperSettings(mapperPeer.resolveUrl, mapper),
      paymentEndpointUrl: payments.urls.syncDisburse,
      statusEndpointUrl: payments.urls.syncStatus,
      mode: 'sync',
      apiTimeout: 3,
      partSize,
    },
  })
  const { office, cycleId } = district
  office.dispatch.declareSoleOffice('administrator')
  for (let n = 1; n <= households; n += 1) putNumber(district, n)
  const scope = { cycleId, batchId: null }
  return {
    ...district,
    mapperPeer,
    payments,
    async askAll(renew = false) {
      office.mapper.ask('clerk', scope, renew)
      await until('the mapper was asked', async () => (await office.mapper.standing(scope))?.run === null)
    },
    async prepare() {
      const made = await prepareCycle(office, { cycleId, day: today(), officerId: 'clerk' })
      return made.batchIds
    },
    async approve(batchId) {
      const { submission } = await submitBatch(office, { batchId, day: today(), officerId: 'clerk', now: Date.now() })
      const approval = { batchId, submissionId: submission.id, digest: submission.digest, reason: '', pin: OFFICER_PIN }
      const approver = office.store.get('officer', 'approver')
      await decideBatch(office, approver, { ...approval, verdict: 'approve' }, Date.now(), () => undefined)
    },
    states() {
      const rows = office.store
        .sql('SELECT state, reason_code AS code, count(*) AS n FROM payment GROUP BY state, reason_code')
        .all() as { state: string; code: string; n: number }[]
      return Object.fromEntries(rows.map(({ state, code, n }) => [`${state} ${code}`.trim(), n]))
    },
    async close() {
      await district.close()
      await mapperPeer.close()
      await payments.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function putNumber(district: District, n: number, value = `N${1000 + n}`): void {
  const id = registrantId(`P${n}`)
  put(district.office, 'identityNumber', {
    id: identityNumberId(id, ID_TYPE),
    removed: false,
    registrantId: id,
    type: ID_TYPE,
    value,
    status: 'valid',
    expiresOn: null,
    importId: '',
  })
}
