import { ReplicaKeeper } from '../../../renderer/replica/keeper.ts'
import type { Replica } from '../../../renderer/replica/replica.ts'
import type { ReplicaSource } from '../../../renderer/replica/source.ts'
import type { ReplicatedDocument } from '../../../shared/contract/replica.ts'

/** What a test asks of the page. */
export interface KeeperPage {
  /** Opens the replica, holds one registrant, and gives its name and how often the replica was made anew. */
  open(): Promise<{ name: string; rebuilds: number }>
  /** Spoils what the browser keeps of the registrants. */
  spoil(how: 'text' | 'version' | 'gone'): Promise<void>
  read(): Promise<string>
  lost(): number
}

declare global {
  interface Window {
    keeperPage: KeeperPage
  }
}

const registrant = {
  id: 'almaz',
  changedAt: '0mhx2k3f9-0001-a',
  changedBy: 'clerk',
  removed: false,
  kind: 'individual',
  name: 'Almaz Tessema',
  _deleted: false,
} satisfies ReplicatedDocument

const source: ReplicaSource = {
  // The same for every load of the page, as within one sign-in.
  key: async () => ({ id: '0b5e1c1e-0000-4000-8000-000000000001', key: btoa('k'.repeat(32)) }),
  pull: async (_, checkpoint) => ({ documents: [], checkpoint: checkpoint ?? { seq: 1, id: '' }, more: false }),
  pin: async (name, ids) => ({
    documents: ids.map((id) => (name === 'registrants' && id === 'almaz' ? registrant : { id, _deleted: true })),
    sequence: 1,
  }),
  unpin: async () => null,
  push: async () => ({ masters: [], refusals: [] }),
  follow: () => () => undefined,
}

let replicas = 0
let replica: Replica | undefined
let lost = 0
const keeper = new ReplicaKeeper({
  source,
  browser: { indexedDB, locks: navigator.locks, marks: localStorage },
  onReplica: (opened) => {
    replica = opened
    if (opened === undefined) return
    replicas += 1
    opened.hold('registrants', ['almaz'])
  },
  onRefusal: () => undefined,
  onLost: (count) => {
    lost += count
  },
})

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function readName(): Promise<string> {
  for (;;) {
    const opened = replica
    await new Promise((resolve) => setTimeout(resolve, 20))
    // A replica that fails is replaced; the next one has the answer.
    const found = await opened
      ?.collection('registrants')
      .findOne('almaz')
      .exec()
      .catch(() => undefined)
    if (found && opened === replica) return found.toJSON().name
  }
}

window.keeperPage = {
  async open() {
    await keeper.open()
    const name = await readName()
    return { name, rebuilds: replicas - 1 }
  },
  async spoil(how) {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name)
    for (const name of names.filter((one) => how === 'gone' || one.endsWith('--registrants'))) {
      if (how === 'gone') indexedDB.deleteDatabase(name)
      else if (how === 'version') {
        const request = indexedDB.open(name, 9_000)
        request.onupgradeneeded = () => {
          for (const table of [...request.result.objectStoreNames]) request.result.deleteObjectStore(table)
        }
        ;(await done(request)).close()
      } else {
        const database = await done(indexedDB.open(name))
        const table = database.transaction('docs', 'readwrite').objectStore('docs')
        for (const document of await done(table.getAll())) {
          const { sealed } = document as { sealed: string }
          await done(table.put({ ...document, sealed: `${sealed.slice(0, -8)}AAAAAAA=` }))
        }
        database.close()
      }
    }
  },
  read: readName,
  lost: () => lost,
}
