import { type Result, success } from '../../../../shared/contract/result.ts'
import type { AuditHead, OfficeDocument } from '../../../../shared/model/central.ts'
import { isSealedHead } from '../../audit/head-seal.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import type { ClaimsContext, ClaimsServer } from './claims-server.ts'

/*
 * The audit chains of the other offices, as far as they are told at the central server. Each office remembers which heads
 * it saw: the server's own rules do not let a head go back, but whoever runs the server could.
 */

/**
 * `cut`: entries that were told are missing; `forked`: others stand in their place; `unsigned`: the device that signed the
 * head before did not sign this one.
 */
export type ChainFinding = 'cut' | 'forked' | 'unsigned'

interface SeenOffice {
  /** Null once the server may know less than before, until it is seen again. */
  readonly head: AuditHead | null
  /** Confirmed restores that explain why a head goes back. */
  readonly restores: number
  readonly finding: ChainFinding | null
  /** `x` of the key by which its device signed; absent before it signed anything. */
  readonly key?: string | undefined
}

type Told = Pick<
  OfficeDocument,
  'installationId' | 'auditHead' | 'previousHead' | 'restores' | 'epoch' | 'sequence' | 'reportedAt' | 'headSeal'
>

const SEEN = 'central-office-heads'

const readSeen = (store: Pick<Store, 'findMark'>): Readonly<Record<string, SeenOffice>> =>
  JSON.parse(store.findMark(SEEN) || '{}') as Record<string, SeenOffice>

/**
 * What is wrong with a chain, by what was seen of it before. A head may go back only with one more confirmed restore; a
 * finding stands until then. The key of its device stays the same even then.
 */
function judge(told: Told, before: SeenOffice | undefined): ChainFinding | null {
  const { auditHead, previousHead, restores } = told
  const isNew = before === undefined || restores.length > before.restores
  if (!isNew && before.finding !== null) return before.finding
  if (!isOwnWord(told, before?.key)) return 'unsigned'
  if (isNew || before.head === null) return null
  const { head } = before
  if (auditHead.position < head.position) return 'cut'
  if (auditHead.position === head.position) return auditHead.hash === head.hash ? null : 'forked'
  // It was shorter in between, or went on from another entry than the one that was seen.
  if (previousHead === null || previousHead.position > head.position) return null
  if (previousHead.position < head.position) return 'cut'
  return previousHead.hash === head.hash ? null : 'forked'
}

/** A head counts as signed by the key that was seen first; offices that never signed are taken at their word. */
function isOwnWord(told: Told, key: string | undefined): boolean {
  const { headSeal } = told
  if (headSeal === undefined) return key === undefined
  return (key === undefined || headSeal.publicKey.x === key) && isSealedHead(told, headSeal)
}

/** What is wrong with the chain that another office told. */
export const findChainFinding = (store: Pick<Store, 'findMark'>, told: Told): ChainFinding | null =>
  judge(told, readSeen(store)[told.installationId])

/** Compares the heads of the other offices with those that were seen at the last contact, and remembers them. */
export async function watchOfficeChains(
  { store }: Pick<ClaimsContext, 'store'>,
  { database }: ClaimsServer,
  signal: AbortSignal,
): Promise<Result<null>> {
  const read = await database.readAll('office', signal)
  if (!read.ok) return read
  const seen = readSeen(store)
  const now: Record<string, SeenOffice> = { ...seen }
  const news: (Told & { readonly finding: ChainFinding })[] = []
  for (const standing of read.value) {
    if (standing.kind !== 'found' || standing.document.installationId === store.installationId) continue
    const { document } = standing
    const { installationId, auditHead, restores } = document
    const before = seen[installationId]
    const finding = judge(document, before)
    const key = before?.key ?? (finding === 'unsigned' ? undefined : document.headSeal?.publicKey.x)
    now[installationId] = { head: auditHead, restores: restores.length, finding, key }
    if (finding !== null && finding !== before?.finding) news.push({ ...document, finding })
  }
  const text = JSON.stringify(now)
  if (news.length === 0) {
    if (text !== store.findMark(SEEN)) store.housekeeping((_, mark) => mark(SEEN, text))
    return success(null)
  }
  store.transaction(OFFICE, (transaction) => {
    transaction.mark(SEEN, text)
    transaction.touch('central')
    for (const { installationId, auditHead, finding } of news) {
      transaction.audit({
        action: `central.chain-${finding}`,
        subjectKind: 'office',
        subjectId: installationId,
        detail: { seen: seen[installationId]?.head?.position ?? 0, told: auditHead.position },
      })
    }
  })
  return success(null)
}

/** An administrator confirmed the server as it is now; what was found before stays found. */
export function forgetOfficeHeads(transaction: Transaction): void {
  const entries = Object.entries(readSeen(transaction)).map(([id, office]) => [id, { ...office, head: null }])
  transaction.mark(SEEN, JSON.stringify(Object.fromEntries(entries)))
}
