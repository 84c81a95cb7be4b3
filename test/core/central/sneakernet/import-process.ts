import { checkForOffice, importChanges } from '../../../../electron/core/central/sneakernet/import.ts'
import { openOffice } from '../../../../electron/core/office.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { openKeyFile } from '../../../../electron/core/vault/key-file.ts'

/* Takes a file into an office and says how many registrants stand there meanwhile, until somebody ends it. */

const [directory = '', path = ''] = process.argv.slice(2)
const office = await openOffice({ directory, key: await openKeyFile(directory, undefined), training: true })
const { store } = office
store.onChange(({ kinds }) => {
  if (kinds.includes('registrant')) console.log(store.sql('SELECT count(*) FROM registrant').pluck().get())
})
const context = { store, now: () => Date.now(), epoch: () => 1, isRevoked: () => false }
await importChanges(context, OFFICE, await checkForOffice(context, path))
// Whoever waits for the end of it waits in vain: it is to be cut off before.
setInterval(() => undefined, 1_000)
