import type { SubmissionLine } from '../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { IdentityNumber } from '../../../shared/model/registrant.ts'
import { sameAddress } from '../../../shared/rules/financial-address.ts'
import type { Mapped } from '../../../shared/rules/mapper/judge.ts'
import { mapperQuestion } from '../../../shared/rules/payee-address.ts'
import type { PersonToAsk } from '../batches/people-to-ask.ts'
import { today } from '../clock/today.ts'
import type { AddressCheck, ChangedPayee, PayeeAddresses } from '../dispatch/payee-addresses.ts'
import type { Store } from '../store/store.ts'
import { askPeople } from './ask-people.ts'
import type { MapperClient } from './client.ts'

export interface PayeeAddressParts {
  readonly store: Store
  readonly client: MapperClient
  readonly now: () => number
}

/** Asks the mapper once more for every account of a message before it leaves, and holds it against what was approved. */
export function mappedPayeeAddresses(parts: PayeeAddressParts): PayeeAddresses {
  return {
    isAsked: ({ payeeIdType }) => payeeIdType === 'mapper',
    check: (manager, lines, signal) => checkLines(parts, manager, lines, signal),
  }
}

async function checkLines(
  parts: PayeeAddressParts,
  manager: PaymentManager,
  lines: readonly SubmissionLine[],
  signal: AbortSignal,
): Promise<AddressCheck> {
  const { mapper } = manager
  if (mapper === undefined) return { kind: 'refused', fault: { code: 'mapper.no-settings', params: {} } }
  const of = { managerId: manager.id, mapper }
  const people = peopleOf(parts, manager, lines)
  const mapped = new Map<string, Mapped>()
  // Whoever was not answered for is asked about a second time, alone among those: mappers lose items of large questions.
  let open = [...people.values()]
  for (let tries = 0; tries < 2 && open.length > 0; tries += 1) {
    for (let from = 0; from < open.length; from += mapper.questionSize) {
      const outcome = await askPeople(parts, of, open.slice(from, from + mapper.questionSize), signal)
      if (outcome.kind !== 'answered') return outcome
      for (const [id, one] of outcome.mapped) mapped.set(id, one)
    }
    open = open.filter(({ registrantId }) => mapped.get(registrantId)?.kind === 'unresolved')
  }
  const changed: ChangedPayee[] = []
  const unanswered: string[] = []
  for (const { paymentId, payeeId, payeeAddress } of lines) {
    const one = mapped.get(payeeId)
    if (one === undefined || one.kind === 'none') changed.push({ paymentId, code: 'mapper.payee-vanished' })
    else if (one.kind === 'unresolved') unanswered.push(paymentId)
    else if (!sameAddress(one.address, payeeAddress)) changed.push({ paymentId, code: 'mapper.payee-changed' })
  }
  return { kind: 'checked', changed, unanswered }
}

/** By whom the mapper is asked for each payee; without those whose number is gone, whom it cannot be asked for. */
function peopleOf(
  { store, now }: PayeeAddressParts,
  manager: PaymentManager,
  lines: readonly SubmissionLine[],
): Map<string, PersonToAsk> {
  const ids = [...new Set(lines.map(({ payeeId }) => payeeId))]
  const bodies = store
    .sql(
      'SELECT body FROM identity_number WHERE registrant_id IN (SELECT value FROM json_each(?)) AND type = ? AND removed = 0',
    )
    .pluck()
    .all(JSON.stringify(ids), manager.mapper?.idType ?? '') as string[]
  const numbers = Map.groupBy(
    bodies.map((body) => JSON.parse(body) as IdentityNumber),
    ({ registrantId }) => registrantId,
  )
  const people = new Map<string, PersonToAsk>()
  for (const id of ids) {
    const question = mapperQuestion(manager, { identityNumbers: numbers.get(id) ?? [] }, today(new Date(now())))
    if (question.ok) people.set(id, { registrantId: id, ...question.value })
  }
  return people
}
