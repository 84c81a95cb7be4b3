import type { ReadContext } from '../store/read-query.ts'

/** A look at a full value. */
export interface Look {
  readonly position: number
  readonly moment: string
  readonly officerId: string
  /** `phone`, `email`, `account` or `identity`. */
  readonly kind: string
  readonly contactId: string
  /** Where in the program it was asked for; empty where it was not said. */
  readonly screen: string
}

/** An exported list that held full phones, e-mails and accounts of everybody in it. */
export interface ListTaken {
  readonly position: number
  readonly moment: string
  readonly officerId: string
  readonly rows: number
}

interface LooksWanted {
  readonly registrantId: string
  /** One contact or identity number; all of them where it is left out. */
  readonly contactId?: string | undefined
  readonly limit: number
}

/** Looks at full values of one registrant, and the lists that may have held them, both newest first. */
export function looksOf(
  { sql }: ReadContext,
  { registrantId, contactId, limit }: LooksWanted,
): { readonly looks: Look[]; readonly total: number; readonly lists: ListTaken[] } {
  const one = contactId === undefined ? '' : "AND detail ->> '$.contact' = :contactId"
  // By the registrant, whose entries are few, and not by the action, whose entries are everybody's.
  const about = `FROM audit INDEXED BY audit_subject
    WHERE subject_kind = 'registrant' AND subject_id = :registrantId AND action = 'registrant.revealed' ${one}`
  const whom = contactId === undefined ? { registrantId } : { registrantId, contactId }
  const looks = sql(
    `SELECT position, moment, officer_id AS officerId, coalesce(detail ->> '$.kind', '') AS kind,
            coalesce(detail ->> '$.contact', '') AS contactId, coalesce(detail ->> '$.screen', '') AS screen
     ${about} ORDER BY position DESC LIMIT :limit`,
  ).all({ ...whom, limit }) as Look[]
  const total = sql(`SELECT count(*) ${about}`).pluck().get(whom) as number
  const lists = sql(
    `SELECT position, moment, officer_id AS officerId, detail ->> '$.rows' AS rows
     FROM audit WHERE action = 'registry.exported' AND detail ->> '$.contacts' = 1 ORDER BY position DESC LIMIT ?`,
  ).all(limit) as ListTaken[]
  return { looks, total, lists }
}
