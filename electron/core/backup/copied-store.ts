import { fail } from '../../../shared/contract/result.ts'
import type { BackupManifest } from '../../../shared/model/backup.ts'
import { type Database, openDatabase, translate } from '../store/database.ts'
import { Marks } from '../store/marks.ts'

/** What a store says about itself. */
export type StoreFacts = Pick<
  BackupManifest,
  'schema' | 'installationId' | 'epoch' | 'sequence' | 'moment' | 'auditHead' | 'counts'
>

/**
 * Reads a copied store whole: every page is opened with the key and its structure checked.
 *
 * @throws OfficeError `backup.not-verified` when something in it is not as it must be; `store.wrong-key`, `store.damaged`
 */
export function checkCopy(file: string, key: Uint8Array): StoreFacts {
  const database = openDatabase(file, { bytes: key }, 'read', 8)
  try {
    return translate(() => {
      const findings = database.pragma('quick_check(1)') as { quick_check: string }[]
      if (findings[0]?.quick_check !== 'ok') fail('backup.not-verified')
      return factsOf(database)
    })
  } finally {
    database.close()
  }
}

function factsOf(database: Database): StoreFacts {
  const marks = new Marks(database)
  const count = (what: string): number => database.prepare(`SELECT count(*) FROM ${what}`).pluck().get() as number
  return {
    schema: database.pragma('user_version', { simple: true }) as number,
    installationId: marks.find('installation') ?? fail('backup.not-verified'),
    epoch: Number(marks.find('epoch') ?? 1),
    sequence: Number(marks.find('sequence') ?? 0),
    moment: marks.find('clock') ?? '',
    auditHead: marks.find('audit-head') ?? '',
    counts: {
      registrants: count('registrant WHERE removed = 0'),
      programmes: count('programme WHERE removed = 0'),
      batches: count('batch'),
      payments: count('payment'),
    },
  }
}

/** @returns the fact that is not what the description says, if there is one */
export const differingFact = (stated: StoreFacts, found: StoreFacts): string | undefined =>
  (Object.keys(found) as (keyof StoreFacts)[]).find(
    (name) => JSON.stringify(stated[name]) !== JSON.stringify(found[name]),
  )
