import type { SideKind } from '../../../../../shared/contract/central.ts'
import { conflictTable, settlementTable } from './conflicts.ts'
import { evidenceTable } from './evidence.ts'
import { resendApprovalTable } from './resend-approval.ts'
import type { SideTable } from './side-table.ts'

/** The tables of all kinds that are said beside the records. A settlement comes behind its conflict. */
export const sideTables: Readonly<Record<SideKind, SideTable>> = {
  evidence: evidenceTable,
  resendApproval: resendApprovalTable,
  conflict: conflictTable,
  conflictSettlement: settlementTable,
}
