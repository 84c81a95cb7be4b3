import { useCallback } from 'react'
import type { PayTableRow } from '../../../../shared/contract/pay-table.ts'
import type { PayTableStanding } from '../../../../shared/rules/pay-table.ts'
import { useApi } from '../../../api/provider.tsx'

/** Records from which a pay table is worked out. */
export const TABLE_KINDS = ['collection', 'payment', 'batch', 'claim', 'fileDeed']

const PAGE = 500

/** Reads a whole pay table, page by page, in the order of the list. */
export function useAllRows(): (filter: {
  readonly batchId: string
  readonly standings?: PayTableStanding[]
  readonly text?: string
}) => Promise<PayTableRow[]> {
  const api = useApi()
  return useCallback(
    async (filter) => {
      const rows: PayTableRow[] = []
      for (;;) {
        const page = await api.payTable.page.ask({ ...filter, offset: rows.length, limit: PAGE })
        rows.push(...page.rows)
        if (page.rows.length === 0 || rows.length >= page.total) return rows
      }
    },
    [api],
  )
}
