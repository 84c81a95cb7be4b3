import { OfficeError } from '../../../shared/contract/result.ts'
import { besideWriters } from './beside-writers.ts'

/* Writes one thing beside a store, as a process of its own whose files may be limited; says by which code it ended. */

const [name = '', folder = '', elsewhere = ''] = process.argv.slice(2)
try {
  await besideWriters[name]?.write(folder, elsewhere)
  console.log('fine')
} catch (error) {
  console.log(error instanceof OfficeError ? error.fault.code : String(error))
}
