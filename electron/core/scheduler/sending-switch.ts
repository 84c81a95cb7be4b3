import type { Store, Transaction } from '../store/store.ts'

const MARK = 'sending-stopped'

export const isSendingStopped = (store: Pick<Store, 'findMark'>): boolean => store.findMark(MARK) === '1'

/** The one switch that stops all sending; look-ups go on, since they move no money. */
export function setSendingStopped(transaction: Transaction, stopped: boolean): void {
  transaction.mark(MARK, stopped ? '1' : '0')
  transaction.audit({
    action: stopped ? 'sending.stopped' : 'sending.resumed',
    subjectKind: 'office',
    subjectId: 'sending',
  })
}
