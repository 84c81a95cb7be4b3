import type { EntitlementRule } from '../model/programme.ts'
import { isCurrent, type Member } from './payee.ts'
import { type Ruling, refused, ruled } from './ruling.ts'

/** Living persons who belong to a group on a day (`YYYY-MM-DD`), each once whatever their memberships. */
export function countCurrentMembers(
  members: readonly {
    readonly membership: Member['membership']
    readonly registrant: Pick<Member['registrant'], 'id' | 'deceasedOn' | 'removed'>
  }[],
  day: string,
): number {
  const persons = new Set<string>()
  for (const { membership, registrant } of members) {
    if (!registrant.removed && registrant.deceasedOn === null && isCurrent(membership, day)) persons.add(registrant.id)
  }
  return persons.size
}

/**
 * What a rule grants, in minor units; null when amounts come from elsewhere (rule `none`). An individual counts as one
 * member; a group without current members gets the base alone.
 */
export function entitledAmount(rule: EntitlementRule, currentMembers: number): Ruling<number | null> {
  switch (rule.kind) {
    case 'none':
      return ruled(null)
    case 'fixed':
      return ruled(rule.amount)
    case 'perMember': {
      const counted = Math.min(Math.max(0, Math.trunc(currentMembers)), rule.maximumMembers)
      const amount = rule.base + rule.perMember * counted
      return Number.isSafeInteger(amount) ? ruled(amount) : refused('amount.sum-too-large')
    }
  }
}
