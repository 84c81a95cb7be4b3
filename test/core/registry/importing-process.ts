import { openRegistry } from '../../../electron/core/registry/registry.ts'
import { openReader } from '../../../electron/core/store/reader.ts'
import { Store } from '../../../electron/core/store/store.ts'
import { personsCsv } from '../../../electron/training/people/people-csv.ts'
import { suggestMapping, suggestSubject } from '../../../shared/rules/import-columns.ts'

/*
 * An office that imports invented persons until it is killed: `node importing-process.ts DIRECTORY KEY COUNT`. Each line of its
 * output is the number of rows that are in the registry.
 */
const [directory = '', hex = '', count = '0'] = process.argv.slice(2)
const key = Buffer.from(hex, 'hex')
const file = `${directory}/office.db`
const store = new Store({ file, key: { bytes: key } })
const reader = await openReader(file, key)
const { imports } = openRegistry({ store, key, reader, directory })
const content = Buffer.from([...personsCsv({ count: Number(count) })].join(''))
const { id } = imports.begin('clerk', 'people.csv', content.length)
imports.append(id, 0, content)
const { header } = await imports.inspect(id, {})
const subject = suggestSubject(header)
imports.check(id, { subject, mapping: suggestMapping(subject, header), dayOrder: 'dmy', existing: 'skip' })
while (imports.status(id).stage === 'checking') await new Promise((resolve) => setTimeout(resolve, 5))
imports.run(id, 'clerk')
store.onChange(() => {
  console.log(store.sql('SELECT count(*) FROM registrant').pluck().get())
})
