import { fail } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { findVidFault } from '../../../../shared/rules/tokenisation/demographics.ts'
import { findFormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import { OFFICE, type Store } from '../../store/store.ts'
import { findSecret } from '../../vault/secrets.ts'
import { formRequest } from '../mts/envelope.ts'
import { settingsDigest } from '../person.ts'
import type { Source } from '../runs/source.ts'
import { MOST_PULLED, odkConfig, pullProgram, submissionsOf } from './pull-request.ts'
import { readForm } from './read-form.ts'

/** People in one run. */
const MOST = 50_000

/**
 * The ODK MTS Connector: the office reads the form itself first, so that every submission has somebody it is of, and then has the
 * seeder pull those submissions whose people may be sent, each by its name.
 */
export const formSource: Source = {
  most: MOST_PULLED,

  async findDue({ store, http, reader, time }, connector, _run, signal) {
    await readForm(store, http, OFFICE, connector, time.now(), signal)
    noteTokens(store, connector)
    const { id, vidType, tokenType } = connector
    const due = { connectorId: id, vidType, tokenType, settings: settingsDigest(connector), now: time.now() }
    return reader.run('odk.due', { ...due, limit: MOST }, { signal })
  },

  look(_from, _connector, { vids }, ref) {
    const vid = vids[0]?.value ?? ''
    return { sent: { g2pRef: ref }, vid, fault: findVidFault(vid) }
  },

  request({ store, time }, connector, people, order) {
    const form = findFormAddress(connector.odk) ?? fail('odk.form-not-named')
    const password = findSecret(store, 'connector-password', connector.id) ?? fail('odk.password-missing')
    const refs = people.map(({ g2pRef }) => g2pRef ?? '')
    const pulled = submissionsOf(store, connector.id, refs)
    const config = odkConfig(form, { email: connector.odk.email, password }, pulled)
    return {
      path: '/authtoken/odk',
      body: formRequest(connector, { program: pullProgram(connector, pulled), config }, order, time.now()),
    }
  },

  onEnd: ({ store }, connector) => noteTokens(store, connector),
}

/** Submissions of people who have a token by now need no more. */
function noteTokens(store: Store, { id, tokenType }: Pick<Connector, 'id' | 'tokenType'>): void {
  store.housekeeping((sql) =>
    sql(
      `UPDATE odk_submission SET state = 'tokenised' WHERE connector_id = ? AND state = 'registered' AND EXISTS
         (SELECT 1 FROM identity_number n WHERE n.registrant_id = odk_submission.registrant_id AND n.type = ? AND n.removed = 0)`,
    ).run(id, tokenType),
  )
}
