import { auditQueries } from '../audit/queries.ts'
import { batchQueries } from '../batches/queries.ts'
import { centralQueries } from '../central/queries.ts'
import { centralReplicationQueries } from '../central/replication/outgoing-query.ts'
import { sneakernetQueries } from '../central/sneakernet/changes-query.ts'
import { homeQueries } from '../home/summary-query.ts'
import { keepingQueries } from '../keeping/queries.ts'
import { payTableQueries } from '../pay-table/queries.ts'
import { programmesQueries } from '../programmes/queries.ts'
import { registryQueries } from '../registry/queries.ts'
import { replicaQueries } from '../replica/queries.ts'
import { outboxQueries } from '../scheduler/queries.ts'
import { odkQueries } from '../tokenisation/odk-connector/queries.ts'
import { tokenisationQueries } from '../tokenisation/queries.ts'

/** Every read the reading thread answers; each feature adds its own. */
export const readQueries = {
  ...auditQueries,
  ...batchQueries,
  ...payTableQueries,
  ...registryQueries,
  ...programmesQueries,
  ...centralReplicationQueries,
  ...sneakernetQueries,
  ...homeQueries,
  ...centralQueries,
  ...replicaQueries,
  ...outboxQueries,
  ...tokenisationQueries,
  ...odkQueries,
  ...keepingQueries,
} as const
