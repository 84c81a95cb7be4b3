import { tokenOf } from '../../../electron/peers/mts/identity-system.ts'
import type { ChaosPerson } from './people.ts'
import type { SeederStateNow } from './seeder-messages.ts'

/** What came of one run. */
export interface SeederFigures {
  readonly people: number
  /** With the right token, and no VID left anywhere. */
  readonly tokenised: number
  /** Without, with a reason. */
  readonly listed: number
  /** With a token that is not theirs or that nobody let be made, or with a VID left behind a token. */
  readonly wrong: number
  /** Neither tokenised nor listed. */
  readonly lost: number
  /** How many are listed with which reason. */
  readonly reasons: Readonly<Record<string, number>>
  readonly findings: readonly string[]
}

/** Whose numbers a seeder of this partner gives. */
const PARTNER = 'openg2p-demo'
/** States that are an end with a reason. */
const LISTED = ['refused', 'skipped', 'unanswered']

/** Holds an office against what the ID system knows. */
export function weighSeeder(people: readonly ChaosPerson[], now: SeederStateNow): SeederFigures {
  const found = new Set(now.found)
  const findings: string[] = []
  const reasons: Record<string, number> = {}
  let [tokenised, listed, wrong, lost] = [0, 0, 0, 0]
  const states = new Map(now.people.map((person) => [person.number, person]))
  for (const { number, person, vids, trouble } of people) {
    const state = states.get(number)
    if (state === undefined) {
      lost += 1
      findings.push(`${number} is not there any more`)
      continue
    }
    const { token, vid } = state
    if (token === null) {
      if (LISTED.includes(state.state)) {
        listed += 1
        reasons[state.reason] = (reasons[state.reason] ?? 0) + 1
      } else {
        lost += 1
        findings.push(`${number} (${trouble}) has no token and no reason: ${state.state}`)
      }
      continue
    }
    const left = vid !== null || vids.some((one) => found.has(one))
    const isRight = token === tokenOf(person, PARTNER) && trouble !== 'no-consent' && trouble !== 'unknown-vid'
    if (isRight && !left) tokenised += 1
    else {
      wrong += 1
      findings.push(
        `${number} (${trouble}): ${isRight ? 'a VID is left behind the token' : 'a token that is not theirs'}`,
      )
    }
  }
  return { people: people.length, tokenised, listed, wrong, lost, reasons, findings }
}
