import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Core } from '../../electron/core/core.ts'
import { openKeyFile } from '../../electron/core/vault/key-file.ts'
import { trainingRoom } from '../../electron/training/training-room.ts'
import { populate } from './population.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A training office with so many registrants, closed. */
export interface FurnishedOffice {
  /** What a door is started with. */
  readonly data: string
  readonly storeFile: string
  readonly key: Uint8Array
}

/**
 * Makes the office on the first call and keeps it in `out/bench` while what it is made of stays the same; the households
 * are numbered from far behind those that the training office begins with.
 */
export async function furnishedOffice(registrants: number): Promise<FurnishedOffice> {
  const kept = join(root, 'out', 'bench', 'offices')
  const data = join(kept, `${registrants}-${stamp()}`)
  const directory = join(data, 'training')
  if (!existsSync(data)) {
    rmSync(kept, { recursive: true, force: true })
    mkdirSync(kept, { recursive: true })
    const draft = `${data}.draft`
    const core = new Core({ dataDirectory: draft, door: 'test' }, trainingRoom)
    await core.openTraining()
    populate(core.getOffice().store, registrants, { seed: 5, from: 100_001 })
    await core.close()
    renameSync(draft, data)
  }
  return { data, storeFile: join(directory, 'office.db'), key: await openKeyFile(directory, undefined) }
}

/** Of everything that decides what lies in the store. */
function stamp(): string {
  const hash = createHash('sha256')
  for (const folder of ['electron/core/store', 'electron/training', 'shared/model']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      // How the store is read decides nothing of what lies in it.
      if (name.endsWith('.ts') && !/^read/.test(name)) hash.update(readFileSync(join(root, folder, name)))
    }
  }
  return hash.digest('hex').slice(0, 12)
}
