import { identityNumberId, membershipId, newId, registrantId } from '../../../../shared/model/ids.ts'
import type { Membership, Registrant } from '../../../../shared/model/registrant.ts'
import { type Problem, problem, readDay, readMembershipKinds } from '../../../../shared/rules/registrant-entry.ts'
import { prepareRecord } from '../../store/prepared-record.ts'
import { withContact } from '../contact-commands.ts'
import { contactKeysOf } from '../contact-keys.ts'
import { membershipProblems } from '../membership-commands.ts'
import type { TableRow } from './csv.ts'
import { type Described, describeRow, type RowFacts } from './describe-row.ts'
import type { ImportOptions, RowInsert, RowUpdate, RowWork } from './import-types.ts'
import type { RegistryLookUp } from './registry-look-up.ts'
import { withdrawalStands } from './row-consent.ts'
import { INEXACT } from './table.ts'

/** What became of a row. */
export type RowResult = {
  readonly outcome: 'add' | 'update' | 'skip' | 'refuse'
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  readonly work: RowWork | undefined
  readonly name: string
  readonly registryNumber: string
  readonly consent: 'given' | 'refused' | null
}

function newMembership(draft: Omit<Membership, 'changedAt' | 'changedBy'>): RowInsert {
  const { id, groupId, individualId, kinds, startDate, endedDate } = draft
  const entry = { id, groupId, individualId, kinds, startDate, endedDate }
  return { kind: 'membership', prepared: prepareRecord('membership', draft), entry }
}

/** Turns rows of a file into work for the registry. One reader per file: it remembers what the file has said so far. */
export class RowReader {
  readonly #options: ImportOptions
  readonly #importId: string
  readonly #today: string
  readonly #lookUp: RegistryLookUp
  readonly #columns: ReadonlyMap<string, number>
  readonly #lastColumn: number
  /** Row at which a registry number, an identity number, an account was first seen in this file. */
  readonly #seen = new Map<string, number>()
  /** The registry knew something of the row that is being read. */
  #found = false

  constructor(input: {
    options: ImportOptions
    importId: string
    today: string
    lookUp: RegistryLookUp
    width: number
  }) {
    this.#options = input.options
    this.#importId = input.importId
    this.#today = input.today
    this.#lookUp = input.lookUp
    this.#columns = new Map(Object.entries(input.options.mapping).map(([column, target]) => [target, Number(column)]))
    this.#lastColumn = input.width
  }

  read(row: TableRow): RowResult {
    const problems: Problem[] = []
    this.#found = false
    if (row.cells.slice(this.#lastColumn).some((cell) => cell.trim() !== '')) {
      problems.push(problem('', 'registry.row-too-long'))
    }
    const { subject } = this.#options
    if (subject === 'membership') return this.#membership(row, problems)
    return subject === 'household' ? this.#household(row, problems) : this.#single(row, subject, problems)
  }

  #cell(row: TableRow, target: string): string {
    const column = this.#columns.get(target)
    return column === undefined ? '' : (row.cells[column] ?? '')
  }

  #describe(row: TableRow, kind: Registrant['kind'], prefix: string, problems: Problem[]): Described {
    const { described, problems: found } = describeRow(
      (target) => this.#cell(row, prefix + target),
      kind,
      this.#options,
      this.#today,
    )
    const { identity } = described
    if (identity !== undefined) {
      const first = this.#firstAt(`identity ${identity.type} ${identity.value}`, row.row)
      if (first !== row.row) found.push(problem('identityValue', 'registry.twice-in-file', { row: first }))
    }
    problems.push(...found.map((one) => ({ ...one, field: prefix + one.field })))
    return described
  }

  /** The row at which something was first seen; this one if it is new. */
  #firstAt(key: string, row: number): number {
    const before = this.#seen.get(key)
    if (before !== undefined) return before
    this.#seen.set(key, row)
    return row
  }

  /** Compares a described registrant with the registry and adds what is to be done with it. */
  #place(
    described: Described,
    kind: Registrant['kind'],
    row: TableRow,
    prefix: string,
    derived: string | undefined,
    into: { problems: Problem[]; warnings: Problem[]; inserts: RowInsert[]; updates: RowUpdate[] },
  ): { readonly id: string; readonly does: 'add' | 'update' | 'skip' } {
    const { facts, contacts, identity, consent } = described
    const number = facts.registryNumber ?? ''
    const { problems, warnings } = into
    if (number !== '') {
      const first = this.#firstAt(`number ${number}`, row.row)
      // A head may be named in several households' rows only as an error; groups and persons share one series of numbers.
      if (first !== row.row || (prefix !== '' && this.#cell(row, 'registryNumber').trim() === number)) {
        problems.push(problem(`${prefix}registryNumber`, 'registry.twice-in-file', { row: first }))
      }
    } else if (derived === undefined) warnings.push(problem('registryNumber', 'registry.no-number'))
    const id = number !== '' ? registrantId(number) : (derived ?? newId())
    const known = this.#lookUp.find(number, id)
    this.#found ||= known !== undefined
    if (identity !== undefined && this.#lookUp.isIdentityTaken(identity, known?.id ?? id)) {
      this.#found = true
      problems.push(problem(`${prefix}identityValue`, 'registry.identity-taken'))
    }
    if (known !== undefined && known.kind !== kind) {
      problems.push(problem(`${prefix}registryNumber`, 'registry.other-kind-there'))
      return { id: known.id, does: 'skip' }
    }
    if (known?.erased === true) {
      if (facts.name === undefined && !problems.some(({ field }) => field === `${prefix}name`)) {
        problems.push(problem(`${prefix}name`, 'registry.name-missing'))
      }
      warnings.push(problem(`${prefix}registryNumber`, 'keeping.number-of-erased'))
    }
    if (known !== undefined) {
      if (
        derived !== undefined &&
        number === '' &&
        facts.name !== undefined &&
        known.name !== facts.name &&
        !known.removed
      ) {
        problems.push(problem(`${prefix}name`, 'registry.head-differs'))
      }
      if (this.#options.existing === 'skip' && !known.removed) return { id: known.id, does: 'skip' }
      if (consent?.given && withdrawalStands(this.#lookUp.consentOf(known.id), consent)) {
        warnings.push(problem(`${prefix}consent`, 'registry.consent-stays-withdrawn'))
      }
      const revive = known.removed
      into.updates.push({ kind: 'registrant', id: known.id, facts, contacts, identity, consent, revive })
      return { id: known.id, does: known.removed ? 'add' : 'update' }
    }
    if (facts.name === undefined && !problems.some(({ field }) => field === `${prefix}name`)) {
      problems.push(problem(`${prefix}name`, 'registry.name-missing'))
    }
    if (problems.length > 0) return { id, does: 'add' }
    this.#insert(id, kind, described, into.inserts)
    this.#lookAround(described, kind, row, prefix, warnings)
    return { id, does: 'add' }
  }

  #insert(
    id: string,
    kind: Registrant['kind'],
    { facts, contacts, identity, consent }: Described,
    inserts: RowInsert[],
  ): void {
    let lists: Pick<Registrant, 'phoneNumbers' | 'emails' | 'bankAccounts'> = {
      phoneNumbers: [],
      emails: [],
      bankAccounts: [],
    }
    // Ids of contacts only tell those of one registrant apart.
    for (const [index, contact] of contacts.entries()) {
      lists = withContact(lists, `${contact.kind}-${index + 1}`, contact, false)
    }
    const draft: Omit<Registrant, 'changedAt' | 'changedBy'> = {
      id,
      removed: false,
      kind,
      registryNumber: '',
      name: '',
      givenName: '',
      familyName: '',
      additionalName: '',
      groupKind: kind === 'group' ? 'household' : '',
      gender: '',
      birthdate: null,
      deceasedOn: null,
      address: '',
      area: '',
      modeOfPayment: contacts.length > 0 ? 'digital' : 'cash',
      tags: [],
      registrationDate: this.#today,
      importId: this.#importId,
      ...facts,
      ...lists,
    }
    inserts.push({
      kind: 'registrant',
      number: draft.registryNumber,
      prepared: prepareRecord('registrant', draft),
      keys: contactKeysOf(draft),
      consent,
    })
    if (identity !== undefined) {
      const record = {
        id: identityNumberId(id, identity.type),
        removed: false,
        registrantId: id,
        ...identity,
        importId: this.#importId,
      }
      const { type, value } = identity
      const prepared = prepareRecord('identityNumber', record)
      inserts.push({ kind: 'identityNumber', prepared, identity: { type, value, registrantId: id } })
    }
  }

  /** Warnings about others who look like the new one or are paid to the same account. */
  #lookAround(
    { facts, contacts }: Described,
    kind: Registrant['kind'],
    row: TableRow,
    prefix: string,
    warnings: Problem[],
  ): void {
    if (kind === 'individual' && facts.birthdate && facts.name !== undefined) {
      const alike = this.#firstAt(`person ${facts.name.toLowerCase()} ${facts.birthdate}`, row.row) !== row.row
      if (alike || this.#lookUp.hasNamesake(facts.name, facts.birthdate)) {
        warnings.push(problem(`${prefix}name`, 'registry.looks-alike'))
      }
    }
    for (const contact of contacts) {
      if (contact.kind !== 'account') continue
      const [key] = contactKeysOf({
        removed: false,
        phoneNumbers: [],
        emails: [],
        bankAccounts: [{ id: '', preferred: true, disabled: false, ...contact }],
      })
      if (key === undefined) continue
      const first = this.#firstAt(`account ${key.value}`, row.row)
      if (first !== row.row || this.#lookUp.isContactKnown(key)) {
        warnings.push(problem(`${prefix}accountNumber`, 'registry.same-contact'))
      }
    }
  }

  #single(row: TableRow, kind: Registrant['kind'], problems: Problem[]): RowResult {
    const into = { problems, warnings: [] as Problem[], inserts: [] as RowInsert[], updates: [] as RowUpdate[] }
    this.#refuseInexact(row, problems)
    const described = this.#describe(row, kind, '', problems)
    const { id, does } = this.#place(described, kind, row, '', undefined, into)
    return this.#result(row, into, does, described, { id, kind })
  }

  #household(row: TableRow, problems: Problem[]): RowResult {
    const into = { problems, warnings: [] as Problem[], inserts: [] as RowInsert[], updates: [] as RowUpdate[] }
    this.#refuseInexact(row, problems)
    const person = this.#describe(row, 'individual', 'head.', problems)
    const household = this.#describe(row, 'group', '', problems)
    const { facts } = household
    if (facts.registryNumber === undefined) problems.push(problem('registryNumber', 'registry.number-missing'))
    const group = {
      ...household,
      facts: { ...facts, ...(facts.name === undefined && person.facts.name ? { name: person.facts.name } : {}) },
    }
    const placedGroup = this.#place(group, 'group', row, '', undefined, into)
    // A head without a number of its own is the head of this household wherever the file is read.
    const derived = registrantId(`${facts.registryNumber ?? ''}\u0000head`)
    const inherited: RowFacts = {
      ...(facts.address && { address: facts.address }),
      ...(facts.area && { area: facts.area }),
      ...(facts.modeOfPayment && { modeOfPayment: facts.modeOfPayment }),
    }
    const placedHead = this.#place(
      { ...person, facts: { ...inherited, ...person.facts } },
      'individual',
      row,
      'head.',
      derived,
      into,
    )
    if (problems.length === 0 && placedGroup.does !== 'skip') {
      this.#join(placedGroup, placedHead.id, into)
    }
    const does = placedGroup.does === 'skip' && placedHead.does === 'skip' ? 'skip' : placedGroup.does
    const told = { facts: group.facts, consent: placedHead.does === 'skip' ? undefined : person.consent }
    return this.#result(row, into, does, told, { id: placedGroup.id, kind: 'group' })
  }

  /** Makes a person the head of a group, from today, unless they are it already. */
  #join(
    group: { readonly id: string; readonly does: string },
    headId: string,
    into: { problems: Problem[]; inserts: RowInsert[]; updates: RowUpdate[] },
  ): void {
    const others = group.does === 'update' ? this.#lookUp.membershipsOf(group.id) : []
    const current = others.find(({ individualId, endedDate }) => individualId === headId && endedDate === null)
    if (current?.kinds.includes('head')) return
    const entry = {
      groupId: group.id,
      individualId: headId,
      kinds: ['head' as const],
      startDate: this.#today,
      endedDate: null,
    }
    into.problems.push(...membershipProblems(entry, others).map((one) => ({ ...one, field: `head.${one.field}` })))
    if (into.problems.length > 0) return
    const draft = {
      id: membershipId(group.id, headId, entry.startDate),
      removed: false,
      ...entry,
      importId: this.#importId,
    }
    if (this.#found && this.#lookUp.hasMembership(draft.id)) into.updates.push({ kind: 'membership', draft })
    else into.inserts.push(newMembership(draft))
  }

  #membership(row: TableRow, problems: Problem[]): RowResult {
    const warnings: Problem[] = []
    this.#refuseInexact(row, problems)
    const number = (target: string): string => this.#cell(row, target).trim()
    const group = this.#lookUp.find(number('groupNumber'), registrantId(number('groupNumber')))
    const person = this.#lookUp.find(number('individualNumber'), registrantId(number('individualNumber')))
    if (group === undefined || group.removed || group.kind !== 'group') {
      problems.push(problem('groupNumber', 'registry.unknown-group'))
    }
    if (person === undefined || person.removed || person.kind !== 'individual') {
      problems.push(problem('individualNumber', 'registry.unknown-individual'))
    }
    const kinds = readMembershipKinds(this.#cell(row, 'kinds'))
    if (kinds === undefined) problems.push(problem('kinds', 'registry.bad-membership-kind'))
    const day = (target: string, instead: string | null): string | null => {
      const text = number(target)
      if (text === '') return instead
      const read = readDay(text, this.#options.dayOrder)
      if (read === undefined) problems.push(problem(target, 'registry.bad-day'))
      return read ?? instead
    }
    const startDate = day('startDate', this.#today) ?? this.#today
    const endedDate = day('endedDate', null)
    const into = { problems, warnings, inserts: [] as RowInsert[], updates: [] as RowUpdate[] }
    let does: 'add' | 'update' | 'skip' = 'add'
    if (problems.length === 0 && group !== undefined && person !== undefined) {
      const id = membershipId(group.id, person.id, startDate)
      const first = this.#firstAt(`membership ${id}`, row.row)
      if (first !== row.row) problems.push(problem('', 'registry.twice-in-file', { row: first }))
      if (kinds?.includes('head') && endedDate === null && this.#firstAt(`head ${group.id}`, row.row) !== row.row) {
        problems.push(problem('kinds', 'registry.several-heads-in-file'))
      }
      const entry = { groupId: group.id, individualId: person.id, kinds: kinds ?? [], startDate, endedDate }
      const others = this.#lookUp.membershipsOf(group.id).filter((other) => other.id !== id)
      problems.push(...membershipProblems(entry, others))
      const draft = { id, removed: false, ...entry, importId: this.#importId }
      if (problems.length === 0) {
        if (this.#lookUp.hasMembership(id)) {
          does =
            this.#options.existing === 'skip' && this.#lookUp.membershipsOf(group.id).some((one) => one.id === id)
              ? 'skip'
              : 'update'
          if (does === 'update') into.updates.push({ kind: 'membership', draft })
        } else into.inserts.push(newMembership(draft))
      }
    }
    const facts = { name: `${number('groupNumber')} – ${number('individualNumber')}` }
    return this.#result(row, into, does, { facts, consent: undefined }, undefined)
  }

  /** Numbers that a spreadsheet rounded have lost digits; the row must be mended in the file. */
  #refuseInexact(row: TableRow, problems: Problem[]): void {
    for (const [target, column] of this.#columns) {
      if (row.cells[column] === INEXACT) problems.push(problem(target, 'text.broken-character'))
    }
  }

  #result(
    row: TableRow,
    into: { problems: Problem[]; warnings: Problem[]; inserts: RowInsert[]; updates: RowUpdate[] },
    does: 'add' | 'update' | 'skip',
    { facts, consent }: Pick<Described, 'facts' | 'consent'>,
    enrol: RowWork['enrol'],
  ): RowResult {
    const { problems, warnings, inserts, updates } = into
    const outcome = problems.length > 0 ? 'refuse' : does
    const { row: number, line, cells } = row
    const takes = outcome === 'add' || outcome === 'update'
    return {
      outcome,
      problems,
      warnings: takes ? warnings : [],
      work: takes ? { row: number, line, cells: JSON.stringify(cells), inserts, updates, enrol } : undefined,
      name: facts.name ?? '',
      registryNumber: facts.registryNumber ?? '',
      consent: consent === undefined || outcome === 'skip' ? null : consent.given ? 'given' : 'refused',
    }
  }
}
