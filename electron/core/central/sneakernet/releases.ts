import { fail } from '../../../../shared/contract/result.ts'
import { type Release, ReleaseClaims } from '../../../../shared/model/central-file.ts'
import { actingAt } from '../../../../shared/rules/delegation.ts'
import { isSignedBy } from '../../identity/signatures.ts'
import { isOfficerTrustedIn, type TrustSource } from '../../identity/trust.ts'
import type { Store } from '../../store/store.ts'
import type { CheckedFile } from './check-file.ts'

/** Whether the giver's officer signed exactly this release, and is somebody whom the trust root stands for. */
export async function isGoodRelease(trust: TrustSource, release: Release): Promise<boolean> {
  const officer = trust.findOfficer(release.officerId)
  if (officer === undefined || officer.state !== 'active' || officer.removed) return false
  const { roles } = actingAt(officer, release.at, (id) => trust.findOfficer(id))
  if (!roles.includes('approver') && !roles.includes('administrator')) return false
  const signed = await isSignedBy('release', ReleaseClaims.parse(release), release.jws, officer.id, officer.signingKey)
  return signed && (await isOfficerTrustedIn(trust, officer))
}

/**
 * Takes note of the batches that a file releases to this office. It gives no right to send: that is the claim at the central
 * server, which the release lets this office take from the giver.
 *
 * @returns how many were new
 * @throws OfficeError `central-files.release-invalid`
 */
export async function takeReleases(store: Store, officerId: string, { releases, manifest, trust }: CheckedFile) {
  let taken = 0
  for (const release of releases) {
    const { batchId, submissionId, district, fromInstallation, toInstallation } = release
    const isOurs =
      toInstallation === store.installationId && fromInstallation === manifest.from && district === manifest.district
    if (!isOurs || !(await isGoodRelease(trust, release))) fail('central-files.release-invalid')
    // What left this office's hands does not come back by an old paper.
    if (store.sql('SELECT 1 FROM handed_over WHERE batch_id = ?').get(batchId) !== undefined) continue
    if (findReleaseHere(store, batchId)?.jws === release.jws) continue
    store.transaction(officerId, (transaction) => {
      transaction
        .sql('INSERT OR REPLACE INTO handed_here VALUES (?, ?, ?)')
        .run(batchId, submissionId, JSON.stringify(release))
      transaction.audit({
        action: 'batch.handed-here',
        subjectKind: 'batch',
        subjectId: batchId,
        detail: { from: fromInstallation, submissionId, officer: release.officerId },
      })
    })
    taken += 1
  }
  return taken
}

/** The release by which a batch was given to this office; undefined where there is none. */
export function findReleaseHere(store: Pick<Store, 'sql'>, batchId: string): Release | undefined {
  const text = store.sql('SELECT release FROM handed_here WHERE batch_id = ?').pluck().get(batchId) as
    | string
    | undefined
  return text === undefined ? undefined : (JSON.parse(text) as Release)
}

/** The release by which this office gave a batch away; undefined where it did not. */
export function findReleaseAway(store: Pick<Store, 'sql'>, batchId: string): Release | undefined {
  const text = store.sql('SELECT release FROM handed_over WHERE batch_id = ?').pluck().get(batchId) as
    | string
    | undefined
  return text === undefined ? undefined : (JSON.parse(text) as Release)
}
