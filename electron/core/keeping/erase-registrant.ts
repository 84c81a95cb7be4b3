import { fail } from '../../../shared/contract/result.ts'
import type { Moment } from '../../../shared/model/record.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import { erasedForm } from '../../../shared/rules/erasure.ts'
import { putRegistrant } from '../registry/contact-keys.ts'
import { identityNumbersOf } from '../registry/identity-commands.ts'
import type { Transaction } from '../store/store.ts'
import { forgetCopies } from '../tokenisation/vid-removal.ts'
import { forgetVersions } from './forget-versions.ts'
import { namingHashes } from './naming-hashes.ts'
import { obstaclesTo } from './obstacles.ts'

/** Who wanted it. */
export type ErasureReason = 'request' | 'rule'

/**
 * Erases somebody: the record that travels becomes one that says nothing but that it was erased. What else is kept of the
 * person is owed from then on, and settled right afterwards (`settle-erasures.ts`), here and in every office that hears of it.
 *
 * @throws OfficeError `keeping.*` where something about the person is under way; `store.not-found`
 */
export function eraseRegistrant(tx: Transaction, id: string, reason: ErasureReason): void {
  const before = tx.get('registrant', id)
  if (isErased(before)) fail('keeping.erased-already')
  const [obstacle] = obstaclesTo((text) => tx.sql(text), id)
  if (obstacle !== undefined) fail(obstacle)
  const { changedAt, changedBy, ...erased } = erasedForm('registrant', before, tx.moment)
  // Before the numbers go: they name the person in rows of files, too.
  oweErasure(tx, before, tx.moment)
  putRegistrant(tx, erased)
  eraseNumbers(tx, id, () => true)
  forgetVersions(tx, 'registrant', id)
  tx.audit({ action: 'registrant.erased', subjectKind: 'registrant', subjectId: id, detail: { reason } })
}

/** Whether a record is what is left of somebody, and nobody was entered under it since. */
export const isErased = ({ removed, erasedAt }: Pick<Registrant, 'removed' | 'erasedAt'>): boolean =>
  removed && erasedAt !== undefined

/** Another office erased somebody, or this one knew the person as `before` when it heard of it. Call it once that is written. */
export function noteErasure(tx: Transaction, before: Registrant | undefined, erased: Registrant): void {
  if (erased.erasedAt === undefined || (before?.erasedAt ?? '') >= erased.erasedAt) return
  oweErasure(tx, before ?? erased.id, erased.erasedAt)
  forgetVersions(tx, 'registrant', erased.id)
}

/** What of somebody lies elsewhere is to be looked for, once more where it was done already. */
export function oweErasure(tx: Pick<Transaction, 'sql' | 'findMark'>, before: Registrant | string, at: Moment): void {
  const id = typeof before === 'string' ? before : before.id
  const salt = tx.findMark('installation') ?? ''
  const hashes = typeof before === 'string' ? [] : namingHashes(salt, before, identityNumbersOf(tx, id))
  tx.sql(
    `INSERT INTO erasure_owed VALUES (?, ?, ?) ON CONFLICT (registrant_id)
     DO UPDATE SET at = max(at, excluded.at),
       hashes = CASE WHEN excluded.hashes = '[]' THEN coalesce(hashes, '[]') ELSE excluded.hashes END`,
  ).run(id, at, JSON.stringify(hashes))
}

/** Takes identity numbers and tokens away, as a number goes that is given up for a token. */
export function eraseNumbers(tx: Transaction, registrantId: string, isOld: (changedAt: Moment) => boolean): void {
  const all = identityNumbersOf(tx, registrantId).filter(({ changedAt }) => isOld(changedAt))
  for (const number of all) {
    if (number.value === '' && number.expiresOn === null && number.removed) continue
    tx.change('identityNumber', number, {
      removed: true,
      value: '',
      status: 'invalid',
      expiresOn: null,
      importId: '',
      tokenisedAt: tx.moment,
    })
  }
  forgetCopies(
    tx,
    all.map(({ id }) => id),
  )
}
