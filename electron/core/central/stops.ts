import type { Fault } from '../../../shared/contract/result.ts'
import type { Office } from '../office.ts'
import { findRemovalQuestion } from './merge/removal-guard.ts'

/** What waits for an administrator before this office goes on, each told once. */
export function stoppedBy({
  store,
  standing,
  dispatch,
}: Pick<Office, 'store' | 'standing' | 'dispatch'>): readonly Fault[] {
  const found: Fault[] = []
  if (standing.findServerDoubt() !== undefined) found.push({ code: 'central.server-changed', params: {} })
  const removals = findRemovalQuestion(store)
  if (removals !== undefined) found.push({ code: 'central.removal-guard', params: removals })
  const { doubt } = dispatch.status()
  if (doubt !== null) found.push(doubt)
  // A doubt that was answered since the last contact is no finding any more.
  found.push(
    ...standing.findings().filter(({ code }) => code !== 'central.server-changed' && code !== 'dispatch.restored'),
  )
  return found.filter(({ code }, index) => found.findIndex((other) => other.code === code) === index)
}
