import { fail } from '../../../shared/contract/result.ts'
import { enrolOne } from '../programmes/enrolments.ts'
import { getActiveProgramme } from '../programmes/programmes.ts'
import type { Reader } from '../store/reader.ts'
import type { Store } from '../store/store.ts'
import { Exports } from './export/exports.ts'
import type { ImportEnrolment } from './import/import-types.ts'
import { Imports } from './import/imports.ts'

/** What the registry keeps running in an open office. */
export interface Registry {
  readonly imports: Imports
  readonly exports: Exports
  close(): Promise<void>
}

/** Imports that enrol go through the programmes' own rule; whoever cannot be enrolled is imported all the same. */
const enrolmentBy = (store: Store): ImportEnrolment => ({
  check(programmeId, kind) {
    const { target } = getActiveProgramme(store, programmeId)
    if (target !== kind) fail(kind === 'group' ? 'registry.not-an-individual' : 'registry.not-a-group')
  },
  enrol(transaction, { programmeId, registrantId, day, importId }) {
    enrolOne(transaction, getActiveProgramme(transaction, programmeId), registrantId, { day, importId })
  },
})

/** Opens the registry's services; an import that was cut off is taken back in the background. */
export function openRegistry(input: { store: Store; key: Uint8Array; reader: Reader; directory: string }): Registry {
  const { store, key, reader, directory } = input
  const imports = new Imports({ store, key, directory, enrolment: enrolmentBy(store) })
  const exports = new Exports(store, reader)
  return {
    imports,
    exports,
    async close() {
      exports.close()
      await imports.close()
    },
  }
}
