import type { Enrolment, Programme } from '../../../shared/model/programme.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import {
  type EnrolmentObstacle,
  findEnrolmentObstacle,
  findPayObstacle,
  type PayObstacle,
} from '../../../shared/rules/enrolment-life.ts'
import type { Statement } from '../store/database.ts'

/** Anything that reads the store's tables: the store itself or an open transaction. */
export interface StoreReading {
  sql(text: string): Statement
}

interface Row {
  readonly kind: Registrant['kind']
  readonly removed: number
  readonly deceased_on: string | null
  readonly enrolment_state: Enrolment['state'] | null
  readonly enrolment_removed: number | null
}

const STANDING = `
  SELECT r.kind, r.removed, r.deceased_on, e.state AS enrolment_state, e.removed AS enrolment_removed
  FROM registrant r LEFT JOIN enrolment e ON e.registrant_id = r.id AND e.programme_id = ?
  WHERE r.id = ?`

function findStanding(store: StoreReading, programmeId: string, registrantId: string) {
  const row = store.sql(STANDING).get(programmeId, registrantId) as Row | undefined
  if (row === undefined) return undefined
  return {
    registrant: { kind: row.kind, removed: row.removed === 1, deceasedOn: row.deceased_on },
    enrolment:
      row.enrolment_state === null ? undefined : { state: row.enrolment_state, removed: row.enrolment_removed === 1 },
  }
}

/** Why a registrant cannot be enrolled in the programme now; undefined when they can. */
export function enrolmentObstacleOf(
  store: StoreReading,
  programme: Pick<Programme, 'id' | 'target'>,
  registrantId: string,
): EnrolmentObstacle | undefined {
  const standing = findStanding(store, programme.id, registrantId)
  if (standing === undefined) return 'enrolment.removed'
  return findEnrolmentObstacle(standing.registrant, standing.enrolment, programme)
}

/** Why a registrant is not paid by the programme now; undefined when they are. */
export function payObstacleOf(
  store: StoreReading,
  programme: Pick<Programme, 'id' | 'target'>,
  registrantId: string,
): PayObstacle | undefined {
  const standing = findStanding(store, programme.id, registrantId)
  if (standing === undefined) return 'enrolment.removed'
  return findPayObstacle(standing.registrant, standing.enrolment, programme)
}
