import type { PreviewedSubmission } from '../../../../shared/contract/odk.ts'
import type { ConnectorSettings } from '../../../../shared/model/tokenisation.ts'
import { maskIdentity } from '../../../../shared/rules/contact.ts'
import type { FormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import { findNames, readSubmission } from '../../../../shared/rules/tokenisation/submission.ts'
import { windowFilter } from '../../../../shared/rules/tokenisation/windows.ts'
import type { Store } from '../../store/store.ts'
import type { CentralClient } from './central-client.ts'
import { matchSubmission } from './match-submission.ts'

const SUBMISSIONS = 3

/** The newest submissions as the mapping reads them, and whose they would be; nothing is taken in. */
export async function previewForm(
  store: Store,
  client: CentralClient,
  form: FormAddress,
  { odk, vidType }: Pick<ConnectorSettings, 'odk' | 'vidType'>,
): Promise<PreviewedSubmission[]> {
  const filter = windowFilter({ from: null, before: null }, odk)
  const { rows } = await client.firstPage(form, filter, SUBMISSIONS)
  return rows.flatMap((row) => {
    const names = findNames(row)
    if (names === undefined) return []
    const person = readSubmission(row, names, odk)
    const found = matchSubmission(store, person, { matching: odk.matching, vidType })
    const knownName = found.verdict === 'known' ? store.get('registrant', found.registrantId).name : ''
    const { submittedAt, facts, consent, problems } = person
    const vidHint = maskIdentity(person.vid ?? '')
    return [{ submittedAt, facts, vidHint, consent, problems, verdict: found.verdict, knownName }]
  })
}
