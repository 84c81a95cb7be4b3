import { LARGEST_CHUNK } from '../../../shared/model/tokenisation.ts'
import { registryRequest } from './mts/envelope.ts'
import { sendableOf, settingsDigest } from './person.ts'
import type { Source } from './runs/source.ts'

/** People in one run. */
const MOST = 200_000

/** The Registry MTS Connector: people of the registry are sent as they stand there. */
export const registrySource: Source = {
  most: LARGEST_CHUNK,

  findDue({ reader, time }, connector, _run, signal) {
    const { filter, vidType, tokenType } = connector
    const due = { now: time.now(), settings: settingsDigest(connector) }
    return reader.run('tokenisation.candidates', { filter, vidType, tokenType, due, limit: MOST }, { signal })
  },

  look: (_from, connector, person, ref) => sendableOf(person, connector, ref),

  request: ({ time }, connector, people, order) => ({
    path: '/authtoken/json',
    body: registryRequest(connector, people, order, time.now()),
  }),
}
