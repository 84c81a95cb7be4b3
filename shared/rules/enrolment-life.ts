import type { Enrolment, Programme } from '../model/programme.ts'
import type { Registrant } from '../model/registrant.ts'

/*
 * Who can be enrolled, how an enrolment moves, and who is paid. Nobody who has died, left or is paused is ever paid.
 */

type State = Enrolment['state']

/** Every move of an enrolment, by officers of the role `clerk`, each with a reason. */
export const enrolmentMoves = {
  pause: { from: ['enrolled'], to: 'paused' },
  resume: { from: ['paused'], to: 'enrolled' },
  exit: { from: ['enrolled', 'paused'], to: 'exited' },
  readmit: { from: ['exited'], to: 'enrolled' },
} as const satisfies Readonly<Record<string, { readonly from: readonly State[]; readonly to: State }>>
export type EnrolmentMove = keyof typeof enrolmentMoves

export const canMoveEnrolment = (state: State, move: EnrolmentMove): boolean =>
  (enrolmentMoves[move].from as readonly State[]).includes(state)

/** Why somebody is left out of an enrolment. */
export const enrolmentObstacles = [
  'enrolment.removed',
  'enrolment.wrong-kind',
  'enrolment.deceased',
  'enrolment.exited',
  'enrolment.already-enrolled',
] as const
export type EnrolmentObstacle = (typeof enrolmentObstacles)[number]

type Person = Pick<Registrant, 'kind' | 'deceasedOn' | 'removed'>
type Standing = Pick<Enrolment, 'state' | 'removed'> | undefined

/** Why a registrant cannot be newly enrolled in a programme; undefined when they can. */
export function findEnrolmentObstacle(
  registrant: Person,
  enrolment: Standing,
  programme: Pick<Programme, 'target'>,
): EnrolmentObstacle | undefined {
  if (registrant.removed) return 'enrolment.removed'
  if (registrant.kind !== programme.target) return 'enrolment.wrong-kind'
  if (registrant.deceasedOn !== null) return 'enrolment.deceased'
  if (enrolment === undefined || enrolment.removed) return undefined
  return enrolment.state === 'exited' ? 'enrolment.exited' : 'enrolment.already-enrolled'
}

/** Why somebody is not paid. */
export type PayObstacle =
  | Exclude<EnrolmentObstacle, 'enrolment.already-enrolled'>
  | 'enrolment.not-enrolled'
  | 'enrolment.paused'

/** Why a registrant gets nothing from a programme today; undefined when they do. */
export function findPayObstacle(
  registrant: Person,
  enrolment: Standing,
  programme: Pick<Programme, 'target'>,
): PayObstacle | undefined {
  const obstacle = findEnrolmentObstacle(registrant, undefined, programme)
  if (obstacle !== undefined && obstacle !== 'enrolment.already-enrolled') return obstacle
  if (enrolment === undefined || enrolment.removed) return 'enrolment.not-enrolled'
  if (enrolment.state === 'paused') return 'enrolment.paused'
  if (enrolment.state === 'exited') return 'enrolment.exited'
  return undefined
}
