import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { districtDatabases } from '../../../shared/model/central.ts'
import { stopwatch } from '../stopwatch.ts'
import type { ClientTask } from './client-task.ts'

/** As far as it is used here; the package brings no types. */
interface Pouch {
  bulkDocs(documents: readonly object[]): Promise<readonly { readonly ok?: boolean }[]>
  close(): Promise<void>
}
interface PouchFactory {
  new (name: string, options?: object): Pouch
  replicate(
    from: Pouch,
    to: Pouch,
    options: { readonly batch_size: number },
  ): Promise<{ readonly ok: boolean; readonly docs_written: number; readonly doc_write_failures: number }>
}

const PouchDB = createRequire(import.meta.url)('pouchdb') as PouchFactory

const AT_ONCE = 1_000

/** One replication by PouchDB, from or to LevelDB. */
export async function replicate({ folder, url, district, user, password, what, ...rest }: ClientTask) {
  const { batchSize, documents, count } = rest
  const local = new PouchDB(join(folder, 'level'))
  const auth = { username: user, password }
  const remote = new PouchDB(`${url}/${districtDatabases(district).records}`, { auth, skip_setup: true })
  if (what === 'push') await fill(local, documents, count)
  const lap = stopwatch()
  const [from, to] = what === 'pull' ? [remote, local] : [local, remote]
  const report = await PouchDB.replicate(from, to, { batch_size: batchSize })
  const took = lap()
  if (!report.ok || report.doc_write_failures > 0) throw new Error(`PouchDB failed: ${JSON.stringify(report)}`)
  await local.close()
  return { records: report.docs_written, ...took }
}

async function fill(local: Pouch, documents: string, count: number): Promise<void> {
  let waiting: object[] = []
  let read = 0
  for await (const line of createInterface({ input: createReadStream(documents) })) {
    if (read === count) break
    read += 1
    waiting.push(JSON.parse(line))
    if (waiting.length < AT_ONCE && read < count) continue
    await local.bulkDocs(waiting)
    waiting = []
  }
}
