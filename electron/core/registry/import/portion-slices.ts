import type { ImportSlice, RowInsert, RowWork } from './import-types.ts'

type Pieces<O extends ImportSlice['of']> = (ImportSlice & { of: O })['pieces'][number][]

/** Most pieces of a slice; the core thread may still put a slice into its tables in several transactions. */
const MOST: Readonly<Record<ImportSlice['of'], number>> = {
  rows: 500,
  registrants: 1_000,
  identityNumbers: 2_000,
  memberships: 2_000,
  contactKeys: 4_000,
  enrolments: 500,
}

/** Place of a name to sort by among the facts of a prepared registrant. */
type NamePlace = number

const byText = <T>(text: (item: T) => string | number): ((one: T, other: T) => number) => {
  return (one, other) => {
    const [a, b] = [text(one), text(other)]
    return a < b ? -1 : a > b ? 1 : 0
  }
}

/** Rows that change something, or rest on records that are there, are applied as a whole; the others bring new people only. */
const isNew = ({ inserts, updates }: RowWork): boolean => updates.length === 0 && inserts[0]?.kind === 'registrant'

/**
 * The rows of a portion as slices: what is new kind by kind, each sorted as its indexes are, and last the rows that are
 * applied as a whole. Registrants come before what belongs to them.
 */
export function slicesOf(works: readonly RowWork[], enrols: boolean, namePlace: NamePlace): ImportSlice[] {
  const registrants: Pieces<'registrants'> = []
  const identityNumbers: Pieces<'identityNumbers'> = []
  const memberships: Pieces<'memberships'> = []
  const contactKeys: Pieces<'contactKeys'> = []
  const enrolments: Pieces<'enrolments'> = []
  const rows: RowWork[] = []
  const take = ({ row, line, cells }: RowWork, insert: RowInsert): void => {
    if (insert.kind === 'registrant') {
      const { number, prepared, keys, consent } = insert
      registrants.push({ row, line, cells, number, prepared, consent })
      for (const key of keys) contactKeys.push({ row, id: prepared.id, ...key })
    } else if (insert.kind === 'identityNumber') {
      const { prepared, identity } = insert
      identityNumbers.push({ row, prepared, identity })
    } else memberships.push({ row, prepared: insert.prepared })
  }
  for (const work of works) {
    if (!isNew(work)) {
      rows.push(work)
      continue
    }
    for (const insert of work.inserts) take(work, insert)
    if (enrols && work.enrol !== undefined) enrolments.push({ row: work.row, id: work.enrol.id })
  }
  registrants.sort(byText(({ prepared }) => prepared.facts[namePlace] ?? ''))
  identityNumbers.sort(byText(({ identity }) => identity.value))
  memberships.sort(byText(({ prepared }) => prepared.id))
  contactKeys.sort(byText(({ kind, value }) => kind + value))
  rows.sort((one, other) => one.row - other.row)
  return [
    ...cut('registrants', registrants),
    ...cut('identityNumbers', identityNumbers),
    ...cut('memberships', memberships),
    ...cut('contactKeys', contactKeys),
    ...cut('enrolments', enrolments),
    ...cut('rows', rows),
  ]
}

/** Slices of about the same size. */
function cut<O extends ImportSlice['of']>(of: O, pieces: Pieces<O>): ImportSlice[] {
  const count = Math.ceil(pieces.length / MOST[of])
  const size = Math.ceil(pieces.length / count)
  return Array.from(
    { length: count },
    (_, index) => ({ of, pieces: pieces.slice(index * size, (index + 1) * size) }) as unknown as ImportSlice,
  )
}
