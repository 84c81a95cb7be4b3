import { begunClaims } from '../../../electron/core/central/claims/claim-mirror.ts'
import { travelling, travellingKinds } from '../../../electron/core/central/documents.ts'
import { findRemovalQuestion } from '../../../electron/core/central/merge/removal-guard.ts'
import { saidAfter } from '../../../electron/core/central/replication/side-records.ts'
import { storeOfficerKey } from '../../../electron/core/identity/officer-keys.ts'
import { setTrustRoot } from '../../../electron/core/identity/trust.ts'
import { type Office, openOffice } from '../../../electron/core/office.ts'
import { collections } from '../../../electron/core/store/collections.ts'
import { type Draft, OFFICE } from '../../../electron/core/store/store.ts'
import { OfficeError } from '../../../shared/contract/result.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import { call, say } from '../core-answers.ts'
import { CoreNow, serveDriver, timeWith } from '../core-loop.ts'
import type { CoreStart } from '../messages.ts'
import { canonical } from './canonical.ts'
import type { FurnishOffice, Line, OfficeContent, OfficeState, ToOffice } from './office-messages.ts'

/*
 * The core of one office of a district in a process of its own, which the driver kills. The machine's clock is as wrong as the
 * driver says, everywhere in this process.
 */

const core = new CoreNow()
const MachineDate = Date
/** The officer's wrong clock. */
class OfficeDate extends MachineDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(OfficeDate.now())
    else super(...(given as [number]))
  }

  static override now(): number {
    return MachineDate.now() + core.ahead
  }
}
globalThis.Date = OfficeDate as DateConstructor

const cut = new Set<Line>()

async function start(options: CoreStart): Promise<Office> {
  const office = await openOffice({
    directory: options.directory,
    key: Buffer.from(options.key, 'hex'),
    training: true,
    time: timeWith(() => Date.now(), options),
  })
  putSwitchInto(office)
  say({ from: 'ready', doubt: office.dispatch.status().doubt?.code ?? '', cutOff: 0 })
  return office
}

/** The line to the centre and the line to the payment system give way by themselves; what is under way is told. */
function putSwitchInto({ http, central, store }: Office): void {
  const underWay = { claims: 0, posts: 0 }
  const isClaim = (method: string, path: string): boolean =>
    method === 'PUT' ? path.includes('-claims/') : method === 'POST' && path.endsWith('-claims/_bulk_docs')
  const isPost = (url: string): boolean =>
    store.sql("SELECT 1 FROM payment_manager WHERE body ->> '$.paymentEndpointUrl' = ?").get(url) !== undefined
  const watched = async <T>(what: keyof typeof underWay | undefined, work: () => Promise<T>): Promise<T> => {
    if (what === undefined) return work()
    underWay[what] += 1
    say({ from: 'under-way', underWay: { ...underWay } })
    try {
      return await work()
    } finally {
      underWay[what] -= 1
      say({ from: 'under-way', underWay: { ...underWay } })
    }
  }
  const request = http.request.bind(http)
  const switched: Pick<Office['http'], 'request'> = {
    async request(asked, signal) {
      const origin = URL.parse(asked.url)?.origin
      const centre = URL.parse(central.settings()?.url ?? '')?.origin
      const isCentre = origin === centre
      if (!cut.has(isCentre ? 'centre' : 'payments')) {
        const path = URL.parse(asked.url)?.pathname ?? ''
        const what = isCentre ? isClaim(asked.method, path) && 'claims' : isPost(asked.url) && 'posts'
        return watched(what || undefined, () => request(asked, signal))
      }
      const fault = { code: 'http.not-reachable', params: { host: '' } } as const
      return { outcome: 'never-sent', fault, retryAt: null }
    },
  }
  Object.assign(http, switched)
}

function furnishOffice({ root, name, officers, records }: FurnishOffice): null {
  core.open().store.transaction(OFFICE, (tx) => {
    setTrustRoot(tx, root)
    tx.mark('office-name', name)
    for (const { record, sealed } of officers) {
      storeOfficerKey(tx, record.id, sealed)
      tx.put('officer', record)
    }
    for (const { kind, draft } of records) tx.put(kind, draft as Draft<RecordKind>)
    tx.audit({ action: 'test.furnished', subjectKind: 'office', subjectId: name })
  })
  return null
}

function state(): OfficeState {
  const { store, dispatch, central, standing } = core.open()
  const all = <T>(text: string): T[] => store.sql(text).all() as T[]
  const begun = new Map(begunClaims(store).map(({ batchId, installationId }) => [batchId, installationId]))
  const pairs = all<{ action: string; n: number }>('SELECT action, count(*) AS n FROM audit GROUP BY action')
  const { doubt, clock } = dispatch.status()
  const { phase, fault, lastReport } = central.status()
  return {
    installationId: store.installationId,
    doubt: doubt?.code ?? '',
    clock: clock?.code ?? '',
    serverDoubt: standing.findServerDoubt() ?? '',
    findings: standing.findings().map(({ code }) => code),
    central: { phase, fault, lastReport },
    payments: all<{ body: string }>('SELECT body FROM payment ORDER BY id').map(({ body }) => {
      const { id, entitlementId, batchId, state, held, reasonCode } = JSON.parse(body)
      return { id, entitlementId, batchId, state, held, reasonCode }
    }),
    batches: all<{ body: string; submission: string | null; claimedBy: string | null }>(
      `SELECT body, (SELECT head FROM submission s WHERE s.batch_id = batch.id
                     ORDER BY number DESC, changed_at DESC, id DESC LIMIT 1) AS submission,
              (SELECT claim.body ->> '$.installationId' FROM claim WHERE claim.batch_id = batch.id
               ORDER BY generation DESC, seq DESC LIMIT 1) AS claimedBy FROM batch ORDER BY id`,
    ).map(({ body, submission, claimedBy }) => {
      const { id, state, held, attention, makers } = JSON.parse(body)
      const holder = claimedBy ?? begun.get(id) ?? null
      return { id, state, held, attention, makers, claimedBy: holder, submission: submission && JSON.parse(submission) }
    }),
    jobs: all(`SELECT id, kind, key, state, coalesce(fault ->> '$.code', '') AS code,
                      coalesce(fault ->> '$.params', '') AS params FROM job WHERE state <> 'done'`),
    conflicts: all<OfficeState['conflicts'][number] & { fields: string }>(
      'SELECT id, decided_by AS decidedBy, fields FROM central_conflict WHERE settled_at IS NULL AND earlier IS NOT NULL',
    ).map((row) => ({ ...row, fields: JSON.parse(row.fields) as string[] })),
    refusals: all('SELECT kind, id FROM central_refusal'),
    removalsAsked: findRemovalQuestion(store) !== undefined,
    quarantined: all<{ document: string; code: string; arriving: number }>(
      'SELECT document_id AS document, code, arriving FROM central_quarantine',
    ).map((row) => ({ ...row, arriving: row.arriving === 1 })),
    shown: store
      .sql(
        `SELECT DISTINCT subject_kind || ':' || subject_id FROM audit
         WHERE action IN ('central.refused', 'central.conflict-found', 'central.conflict-ruled')
         UNION SELECT kind || ':' || id FROM central_refusal
         UNION SELECT kind || ':' || record_id FROM central_conflict`,
      )
      .pluck()
      .all() as string[],
    unsent: travellingKinds.flatMap((kind) =>
      store
        .sql(
          `SELECT '${kind}:' || t.id FROM ${collections[kind].table} t
           LEFT JOIN central_receipt r ON r.kind = '${kind}' AND r.id = t.id WHERE t.seq IS NOT r.seq`,
        )
        .pluck()
        .all(),
    ) as string[],
    audit: Object.fromEntries(pairs.map(({ action, n }) => [action, n])),
  }
}

function content(): OfficeContent {
  const { store } = core.open()
  const records: Record<string, string> = {}
  const derived: Record<string, string> = {}
  for (const kind of travellingKinds) {
    const bodies = store.sql(`SELECT body FROM ${collections[kind].table}`).pluck().all() as string[]
    for (const body of bodies) {
      const record = JSON.parse(body) as { id: string; state: string; count: number; sum: number }
      records[`${kind}:${record.id}`] = canonical(kind, kind === 'submission' ? record : travelling(kind, record))
      if (kind === 'batch') derived[record.id] = `${record.state} ${record.count} ${record.sum}`
    }
  }
  const said = (kind: string, text: string, idOf: (row: Record<string, unknown>) => string): void => {
    for (const row of store.sql(text).all() as Record<string, unknown>[]) {
      records[`${kind}:${idOf(row)}`] = canonical(kind, row)
    }
  }
  said('evidence', EVIDENCE, ({ id }) => String(id))
  said('resendApproval', APPROVALS, ({ batchId, part, posts }) => `${batchId}:${part}:${posts}`)
  const sql = (text: string) => store.sql(text)
  for (const kind of ['conflict', 'conflictSettlement'] as const) {
    for (const { id, fields } of saidAfter(sql, kind, '', 1_000_000)) records[`${kind}:${id}`] = canonical(kind, fields)
  }
  return { records, derived }
}

/** As they travel beside the records. */
const EVIDENCE = `SELECT id, payment_id AS paymentId, finding, amount, reference, document, recorded_by AS recordedBy,
  recorded_at AS recordedAt, confirmed_by AS confirmedBy, confirmed_at AS confirmedAt FROM evidence`
const APPROVALS = 'SELECT batch_id AS batchId, part, posts, officer_id AS officerId, moment FROM resend_approval'

async function sync(): Promise<unknown> {
  const done = await core.open().central.syncNow()
  if (!done.ok) throw new OfficeError(done.error)
  return done.value
}

serveDriver<ToOffice>(core, {
  start,
  answers: {
    furnish: (message) => furnishOffice(message.furnish),
    join: ({ officer, settings, password }) => core.open().central.configure(officer, settings, password),
    call: (message) => call(core.open(), message),
    sync,
    copy: (message) => core.open().store.copyTo(message.file),
    state: () => state(),
    content: () => content(),
  },
  cutLine: (message) => {
    if (message.cut) cut.add(message.line)
    else cut.delete(message.line)
  },
})
