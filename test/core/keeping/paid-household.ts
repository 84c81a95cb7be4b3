import { submissionDigest } from '../../../electron/core/batches/digest.ts'
import type { Office } from '../../../electron/core/office.ts'
import { putRegistrant } from '../../../electron/core/registry/contact-keys.ts'

import { consentId, identityNumberId, newId, paymentId } from '../../../shared/model/ids.ts'
import { type District, household, put } from '../district.ts'

/** What tells who the person is; none of it may be found anywhere once they were erased. */
export interface Traces {
  readonly groupId: string
  readonly personId: string
  readonly paymentId: string
  readonly entitlementId: string
  readonly batchId: string
  readonly submissionId: string
  /** Texts that stand in records, messages, files and copies. */
  readonly words: readonly string[]
}

const HASH = 'f'.repeat(64)

/** A household whose head was paid in a batch that has settled, with everything that the office keeps of it. */
export function putPaidHousehold(district: Pick<District, 'office' | 'programmeId' | 'cycleId'>, n: number): Traces {
  const { office } = district
  const { store } = office
  const made = household(district, n)
  const name = `Zewditu Abeba ${n} Xq`
  const number = `91${String(55_000_000 + n)}`
  const phone = `+2519${String(77_000_000 + n)}`
  const iban = `ET2112345678900${n}`
  const email = `zewditu${n}xq@example.org`
  const address = `Kebele ${n} behind the mill xq`
  const payee = { payeeName: name, payeeAddress: `phone:${phone}@wallet` }
  const payment = paymentId(made.entitlement.id, 1)
  const batchId = newId()
  const submissionId = newId()
  store.transaction('clerk', (tx) => {
    putRegistrant(tx, { ...made.group, name: `House of ${name}`, address })
    putRegistrant(tx, {
      ...made.head,
      name,
      givenName: 'Zewditu',
      familyName: `Abeba ${n} Xq`,
      address,
      phoneNumbers: [{ id: 'p', number: phone, preferred: true, disabled: false }],
      emails: [{ id: 'e', address: email, preferred: true, disabled: false }],
      bankAccounts: [
        { id: 'a', accountNumber: '', iban, bic: 'BANKETAA', bankName: 'Bank', preferred: true, disabled: false },
      ],
    })
    tx.put('membership', made.membership)
    tx.put('enrolment', { ...made.enrolment, reason: `asked by ${name}` })
    tx.put('entitlement', { ...made.entitlement, reason: `for ${name}` })
    tx.put('identityNumber', {
      id: identityNumberId(made.head.id, 'national-id'),
      removed: false,
      registrantId: made.head.id,
      type: 'national-id',
      value: number,
      status: 'valid',
      expiresOn: '2030-01-01',
      importId: '',
    })
    tx.put('consent', {
      id: consentId(made.head.id, 'mosip-token'),
      removed: false,
      registrantId: made.head.id,
      purpose: 'mosip-token',
      given: true,
      on: '2025-05-05',
      how: 'paper',
      note: `signed by ${name}`,
    })
    tx.audit({ action: 'test.household', subjectKind: 'registrant', subjectId: made.group.id })
  })
  // Edits, so that there is a history and past versions.
  store.transaction('clerk', (tx) => {
    const { changedAt, changedBy, ...head } = tx.get('registrant', made.head.id)
    putRegistrant(tx, { ...head, area: 'South' })
    tx.audit({ action: 'test.edit', subjectKind: 'registrant', subjectId: made.head.id })
  })
  put(office, 'batch', {
    id: batchId,
    name: `Batch ${n}`,
    cycleId: district.cycleId,
    programmeId: district.programmeId,
    managerId: 'manager',
    tagName: 'Everybody',
    currency: 'ETB',
    count: 1,
    sum: made.entitlement.amount,
    makers: ['clerk'],
    state: 'settled',
    held: false,
    heldReason: '',
    cancelledReason: '',
    submissionNumber: 1,
    stateAt: moment(office),
    attention: '',
  })
  put(office, 'payment', {
    id: payment,
    entitlementId: made.entitlement.id,
    attempt: 1,
    cycleId: district.cycleId,
    programmeId: district.programmeId,
    registrantId: made.group.id,
    registrantName: `House of ${name}`,
    payeeId: made.head.id,
    ...payee,
    batchId,
    managerId: 'manager',
    amount: made.entitlement.amount,
    currency: 'ETB',
    state: 'paid',
    reasonCode: '',
    reasonText: `paid to ${name}`,
    reasonParams: { who: name },
    amountPaid: made.entitlement.amount,
    theirReference: 'T-1',
    held: false,
    stateAt: moment(office),
  })
  const frozen = {
    batchId,
    number: 1,
    programmeId: district.programmeId,
    programmeName: 'Household cash',
    cycleId: district.cycleId,
    cycleName: 'March',
    managerId: 'manager',
    managerDigest: HASH,
    channel: 'g2p-connect',
    payerAddress: 'account:0001@treasury',
    payerName: 'District treasury',
    currency: 'ETB',
    count: 1,
    sum: made.entitlement.amount,
    partSize: 500,
    lines: [
      {
        paymentId: payment,
        entitlementId: made.entitlement.id,
        attempt: 1,
        registrantId: made.group.id,
        payeeId: made.head.id,
        ...payee,
        amount: made.entitlement.amount,
      },
    ],
  }
  put(office, 'submission', {
    ...frozen,
    id: submissionId,
    submittedBy: 'clerk',
    makers: ['clerk'],
    digest: submissionDigest(frozen),
  })
  const transmissionId = newId()
  put(office, 'transmission', {
    id: transmissionId,
    batchId,
    submissionId,
    part: '1',
    envelope: 1,
    messageId: newId(),
    transactionId: newId(),
    messageDigest: HASH,
    count: 1,
    madeAt: 1,
    openedAs: '',
    validUntil: null,
    body: JSON.stringify(payee),
    headers: { 'x-name': name },
    message: JSON.stringify(payee),
  })
  put(office, 'delivery', {
    id: newId(),
    transmissionId,
    batchId,
    part: '1',
    post: 1,
    outcome: 'acknowledged',
    httpStatus: 200,
    code: '',
    text: `took ${name}`,
    correlationId: '',
  })
  put(office, 'observation', {
    id: newId(),
    paymentId: payment,
    batchId,
    source: 'lookup',
    status: 'succ',
    code: '',
    text: `paid ${name}`,
    amount: made.entitlement.amount,
    currency: 'ETB',
    payeeAddress: payee.payeeAddress,
    theirReference: 'T-1',
    verified: true,
    theirTime: '',
  })
  store.housekeeping((sql) => {
    sql("INSERT INTO import_run VALUES (?, 'individual', 'people.csv', 1, 'clerk', 'done', '{}')").run(`import-${n}`)
    sql('INSERT INTO import_before VALUES (?, ?, ?, ?)').run(
      `import-${n}`,
      'registrant',
      made.head.id,
      JSON.stringify(store.get('registrant', made.head.id)),
    )
    sql("INSERT INTO import_problem VALUES (?, 1, 2, 0, ?, '[]')").run(
      `import-${n}`,
      JSON.stringify([`0${phone.slice(4)}`, `Zewditu ${n} Xq`]),
    )
    sql("INSERT INTO mapper_answer VALUES ('manager', ?, '', '', 'linked', '', '{}', ?, '', '', 1, '', NULL)").run(
      made.head.id,
      payee.payeeAddress,
    )
    sql(`INSERT INTO callback_inbox VALUES (?, 1, 'c', 'manager', 'p', 'POST', '{}', ?, 1, 2, 'applied', '', 1)`).run(
      `call-${n}`,
      Buffer.from(JSON.stringify(payee)),
    )
  })
  return {
    groupId: made.group.id,
    personId: made.head.id,
    paymentId: payment,
    entitlementId: made.entitlement.id,
    batchId,
    submissionId,
    words: ['Zewditu', `Abeba ${n} Xq`, name, number, phone.slice(4), iban, email, address, `P${n}"`],
  }
}

const moment = ({ store }: Office): string => store.findMark('clock') ?? ''

/** Puts a cycle to its end, so that nothing in it is open. */
export function endCycle({ office, cycleId }: Pick<District, 'office' | 'cycleId'>): void {
  const { changedAt, changedBy, ...cycle } = office.store.get('cycle', cycleId)
  put(office, 'cycle', { ...cycle, state: 'ended' })
}

/** Every row of every table in which one of the words stands, whatever the columns are. */
export function findTraces({ store }: Pick<Office, 'store'>, words: readonly string[]): string[] {
  const found: string[] = []
  const tables = store
    .sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[]
  for (const table of tables) {
    // The virtual table of the search shows nothing; its parts lie in tables of their own.
    if (table === 'registrant_search') continue
    for (const row of store.sql(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]) {
      const text = Object.values(row)
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)))
        .join('\n')
      for (const word of words)
        if (text.includes(word) || (table.includes('_search_') && text.includes(word.toLowerCase())))
          found.push(`${table}: ${word}`)
    }
  }
  return [...new Set(found)]
}
