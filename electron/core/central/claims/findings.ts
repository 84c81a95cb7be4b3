import type { Fault } from '../../../../shared/contract/result.ts'
import type { Store } from '../../store/store.ts'

const FINDINGS = 'central-findings'

/** What the last contact found out about this office; only another contact says otherwise. */
export function readFindings(store: Pick<Store, 'findMark'>): readonly Fault[] {
  const mark = store.findMark(FINDINGS)
  return mark === undefined || mark === '' ? [] : (JSON.parse(mark) as Fault[])
}

export function noteFindings(store: Pick<Store, 'findMark' | 'housekeeping'>, findings: readonly Fault[]): void {
  const text = findings.length === 0 ? '' : JSON.stringify(findings)
  if (text !== (store.findMark(FINDINGS) ?? '')) store.housekeeping((_, mark) => mark(FINDINGS, text))
}
