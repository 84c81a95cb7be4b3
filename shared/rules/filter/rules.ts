import { all, any, type Condition, condition, type Domain, type Operator, type Value } from './domain.ts'
import type { Refusal } from './error.ts'

/** One line of the filter builder. */
export interface Rule {
  readonly field: string
  readonly operator: Operator
  readonly value: Value
}

/** What the filter builder shows: a flat list of conditions of which all, or any, must hold. */
export interface Rules {
  readonly match: 'all' | 'any'
  readonly rules: readonly Rule[]
}

const ruleOf = ({ field, operator, value }: Condition): Rule => ({ field, operator, value })

/** The filter as the builder's list, or a refusal when only its text can say it. No rules: everything. */
export function toRules(domain: Domain): { readonly ok: true; readonly rules: Rules } | Refusal {
  if (domain.kind === 'condition') return { ok: true, rules: { match: 'all', rules: [ruleOf(domain)] } }
  if (domain.kind === 'constant' && domain.value) return { ok: true, rules: { match: 'all', rules: [] } }
  if (domain.kind === 'all' || domain.kind === 'any') {
    const conditions = domain.terms.filter((term) => term.kind === 'condition')
    if (conditions.length === domain.terms.length) {
      return { ok: true, rules: { match: domain.kind, rules: conditions.map(ruleOf) } }
    }
  }
  return { ok: false, error: { code: 'filter.too-complex-for-builder', offset: 0, length: 0, params: {} } }
}

/** The filter that the builder's list stands for; without rules it takes everything, whatever `match` says. */
export function fromRules({ match, rules }: Rules): Domain {
  const terms = rules.map(({ field, operator, value }) => condition(field, operator, value))
  return match === 'any' && terms.length > 0 ? any(terms) : all(terms)
}
