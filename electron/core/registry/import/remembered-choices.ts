import type { Store } from '../../store/store.ts'
import type { ImportOptions, Inspection } from './import-types.ts'

/** What an officer chose for a file, without what the file itself shows. */
export type RememberedChoice = Omit<ImportOptions, 'encoding' | 'delimiter'>

const headerKey = ({ header }: Pick<Inspection, 'header'>): string => JSON.stringify(header)

/** Files of the same shape come again next month. */
export function rememberChoice(store: Store, inspection: Pick<Inspection, 'header'>, options: ImportOptions): void {
  const { encoding, delimiter, ...kept } = options
  store.housekeeping((sql) =>
    sql('INSERT OR REPLACE INTO import_mapping (subject, header_key, mapping, used_at) VALUES (?, ?, ?, ?)').run(
      options.subject,
      headerKey(inspection),
      JSON.stringify(kept),
      Date.now(),
    ),
  )
}

/** What was chosen the last time for a file with this heading. */
export function findRemembered(
  store: Pick<Store, 'sql'>,
  inspection: Pick<Inspection, 'header'>,
): RememberedChoice | undefined {
  const mapping = store
    .sql('SELECT mapping FROM import_mapping WHERE header_key = ? ORDER BY used_at DESC LIMIT 1')
    .pluck()
    .get(headerKey(inspection)) as string | undefined
  return mapping === undefined ? undefined : JSON.parse(mapping)
}
