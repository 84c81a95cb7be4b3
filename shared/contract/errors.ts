import { ruleCodes } from '../rules/codes.ts'
import { apiErrors } from './errors/api.ts'
import { auditErrors } from './errors/audit.ts'
import { backupErrors } from './errors/backup.ts'
import { batchErrors } from './errors/batches.ts'
import { callbackErrors } from './errors/callbacks.ts'
import { centralErrors } from './errors/central.ts'
import { centralFileErrors } from './errors/central-files.ts'
import { centralSetupErrors } from './errors/central-setup.ts'
import { conformanceErrors } from './errors/conformance.ts'
import { dispatchErrors } from './errors/dispatch.ts'
import type { CatalogueEntry } from './errors/entry.ts'
import { fileErrors } from './errors/files.ts'
import { filterErrors } from './errors/filter.ts'
import { httpErrors } from './errors/http.ts'
import { identityErrors } from './errors/identity.ts'
import { keepingErrors } from './errors/keeping.ts'
import { managerErrors } from './errors/managers.ts'
import { mapperErrors } from './errors/mapper.ts'
import { movingErrors } from './errors/moving.ts'
import { odkErrors } from './errors/odk.ts'
import { payTableErrors } from './errors/pay-table.ts'
import { paymentHubErrors } from './errors/payment-hub.ts'
import { personCheckErrors } from './errors/person-check.ts'
import { programmeErrors } from './errors/programmes.ts'
import { registryErrors } from './errors/registry.ts'
import { replicaErrors } from './errors/replica.ts'
import { setupErrors } from './errors/setup.ts'
import { signInErrors } from './errors/sign-in.ts'
import { storeErrors } from './errors/store.ts'
import { tokenisationErrors } from './errors/tokenisation.ts'
import { updateErrors } from './errors/updates.ts'
import { vaultErrors } from './errors/vault.ts'

/** The one catalogue: code → class → action. The sentence of a code stands in `renderer/i18n/<language>/errors-*.json`, of the rules in `rules.json`. */
export const catalogue = {
  ...apiErrors,
  ...auditErrors,
  ...backupErrors,
  ...batchErrors,
  ...callbackErrors,
  ...centralErrors,
  ...centralFileErrors,
  ...centralSetupErrors,
  ...conformanceErrors,
  ...dispatchErrors,
  ...httpErrors,
  ...storeErrors,
  ...fileErrors,
  ...filterErrors,
  ...setupErrors,
  ...vaultErrors,
  ...identityErrors,
  ...keepingErrors,
  ...managerErrors,
  ...mapperErrors,
  ...movingErrors,
  ...odkErrors,
  ...paymentHubErrors,
  ...payTableErrors,
  ...personCheckErrors,
  ...programmeErrors,
  ...registryErrors,
  ...replicaErrors,
  ...signInErrors,
  ...tokenisationErrors,
  ...updateErrors,
  ...ruleCodes,
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue
export type { CatalogueEntry } from './errors/entry.ts'
