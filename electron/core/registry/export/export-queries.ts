import type { Registrant } from '../../../../shared/model/registrant.ts'
import { spreadsheetSafe } from '../../../../shared/rules/text.ts'
import type { ReadContext } from '../../store/read-query.ts'
import { listRows, type RegistrantList, readRegistrants } from '../registrant-list.ts'
import type { Order } from '../registrant-order.ts'

/** Columns of an exported list. `contacts` adds full phone, e-mail and account, which the asker must be allowed to see. */
const FACTS: readonly (readonly [name: string, of: (registrant: Registrant) => string])[] = [
  ['kind', (r) => r.kind],
  ['registry_number', (r) => r.registryNumber],
  ['name', (r) => r.name],
  ['given_name', (r) => r.givenName],
  ['family_name', (r) => r.familyName],
  ['addl_name', (r) => r.additionalName],
  ['group_kind', (r) => r.groupKind],
  ['gender', (r) => r.gender],
  ['birthdate', (r) => r.birthdate ?? ''],
  ['deceased_on', (r) => r.deceasedOn ?? ''],
  ['address', (r) => r.address],
  ['area', (r) => r.area],
  ['mode_of_payment', (r) => r.modeOfPayment],
  ['tags', (r) => r.tags.join('; ')],
  ['registration_date', (r) => r.registrationDate],
]
const preferred = <C extends { preferred: boolean }>(list: readonly C[]): C | undefined =>
  list.find((contact) => contact.preferred) ?? list[0]
const CONTACTS: typeof FACTS = [
  ['phone', (r) => preferred(r.phoneNumbers)?.number ?? ''],
  ['email', (r) => preferred(r.emails)?.address ?? ''],
  ['acc_number', (r) => preferred(r.bankAccounts)?.accountNumber ?? ''],
  ['iban', (r) => preferred(r.bankAccounts)?.iban ?? ''],
  ['bic', (r) => preferred(r.bankAccounts)?.bic ?? ''],
  ['bank', (r) => preferred(r.bankAccounts)?.bankName ?? ''],
]

const columnsOf = (contacts: boolean) => (contacts ? [...FACTS, ...CONTACTS] : FACTS)

/** Rows between two yields. */
const SLICE = 500

export const exportQueries = {
  /** Row numbers of a list, so that the pieces of an export are pieces of one and the same list. */
  *'registry.exportRows'(
    context: ReadContext,
    input: RegistrantList & { order: Order },
  ): Generator<number, Int32Array> {
    return Int32Array.from(yield* listRows(context, input, input.order))
  },

  /** Cells of some rows, safe for spreadsheets; with the header when asked for the first piece. */
  *'registry.exportCells'(
    context: ReadContext,
    input: { rows: Int32Array; contacts: boolean; header: boolean },
  ): Generator<number, string[][]> {
    const columns = columnsOf(input.contacts)
    const cells: string[][] = input.header ? [columns.map(([name]) => name)] : []
    for (let from = 0; from < input.rows.length; from += SLICE) {
      for (const registrant of readRegistrants(context, input.rows.subarray(from, from + SLICE))) {
        cells.push(columns.map(([, of]) => spreadsheetSafe(of(registrant))))
      }
      yield from
    }
    return cells
  },
} as const
