import { newId } from '../../../shared/model/ids.ts'
import type { Mapped } from '../../../shared/rules/mapper/judge.ts'
import type { PersonToAsk } from '../batches/people-to-ask.ts'
import { OFFICE, type Store } from '../store/store.ts'
import { keepAnswers } from './answers.ts'
import type { MapperClient, MapperOf, MapperOutcome } from './client.ts'

/** What a mapper said of people, by registrant; or why it said nothing. */
export type PeopleAnswered =
  | {
      readonly kind: 'answered'
      readonly mapped: ReadonlyMap<string, Mapped>
    }
  | Exclude<MapperOutcome, { kind: 'answered' }>

/** Answers written in one transaction: some 30 ms. */
const SLICE = 500

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Asks about at most as many people as one question takes, and writes down what was said. */
export async function askPeople(
  { store, client, now }: { readonly store: Store; readonly client: MapperClient; readonly now: () => number },
  of: MapperOf,
  people: readonly PersonToAsk[],
  signal: AbortSignal,
): Promise<PeopleAnswered> {
  const asked = people.map((person) => ({ ...person, reference: newId() }))
  const outcome = await client.ask(
    of,
    asked.map(({ reference, id }) => ({ reference, id })),
    signal,
  )
  if (outcome.kind !== 'answered') return outcome
  const answered = asked.flatMap(({ registrantId, basis, reference }) => {
    const mapped = outcome.mapped.get(reference)
    return mapped === undefined ? [] : [{ registrantId, basis, reference, mapped }]
  })
  for (let from = 0; from < answered.length; from += SLICE) {
    if (from > 0) await breathe()
    const slice = answered.slice(from, from + SLICE)
    store.transaction(OFFICE, (transaction) => keepAnswers(transaction, of, slice, now()))
  }
  return { kind: 'answered', mapped: new Map(answered.map(({ registrantId, mapped }) => [registrantId, mapped])) }
}
