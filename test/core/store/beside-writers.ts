import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportFolderTrail } from '../../../electron/core/audit/export-folder.ts'
import { findBackups } from '../../../electron/core/backup/backup-folder.ts'
import { makeBackup } from '../../../electron/core/backup/make-backup.ts'
import { FileWriter } from '../../../electron/core/central/sneakernet/file-format.ts'
import { appendSealed, readSealed } from '../../../electron/core/registry/import/sealed-file.ts'
import { DispatchJournal } from '../../../electron/core/store/dispatch-journal.ts'
import { OFFICE, Store } from '../../../electron/core/store/store.ts'
import { writeDurably } from '../../../electron/core/store/write-durably.ts'
import { fetchInstaller } from '../../../electron/core/updates/fetch-installer.ts'
import { createKeyFile } from '../../../electron/core/vault/key-file.ts'
import { usualBackupSettings } from '../../../shared/model/backup.ts'

/** Something that the office writes beside its store, some 200 KB of it. */
export interface BesideWriter {
  /** While there is room. */
  begin?(folder: string, elsewhere: string): Promise<void> | void
  /** Writes all of it; after a fault it goes on where it stopped. */
  write(folder: string, elsewhere: string): Promise<void> | void
  /** What lies there after a fault; throws where something was lost. */
  left(folder: string): void
  /** Throws where it is not whole. */
  check(folder: string): void
}

const LINES = 1_500
const PIECES = 40
const piece = (number: number): Buffer => Buffer.alloc(5_000, `piece ${number} `)
const whole = Buffer.concat(Array.from({ length: PIECES }, (_, number) => piece(number)))
const key = new Uint8Array(32).fill(7)

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

const journalFile = (folder: string): string => join(folder, 'dispatch-journal.jsonl')
function journalLines(folder: string): number {
  const journal = new DispatchJournal(journalFile(folder))
  try {
    must(!journal.damaged, 'the journal is damaged')
    return journal.head?.number ?? 0
  } finally {
    journal.close()
  }
}

const uploadFile = (folder: string): string => join(folder, 'upload')
const piecesOf = (folder: string): Buffer[] =>
  existsSync(uploadFile(folder)) ? [...readSealed(uploadFile(folder), key)] : []

const installer = {
  name: 'program.deb',
  platform: 'linux',
  arch: 'x64',
  kind: 'deb',
  bytes: whole.length,
  sha256: createHash('sha256').update(whole).digest('hex'),
} as const

const trailFile = (folder: string): string => join(folder, 'trail.jsonl')

const keyFile = (folder: string): string => join(folder, 'keys.json')
const NEW_KEYS = JSON.stringify({ sealed: 'n'.repeat(200_000) })

export const besideWriters: Readonly<Record<string, BesideWriter>> = {
  journal: {
    write(folder) {
      const journal = new DispatchJournal(journalFile(folder))
      try {
        for (let number = journal.head?.number ?? 0; number < LINES; number += 1) {
          journal.append({ kind: 'position' }, number, '')
        }
      } finally {
        journal.close()
      }
    },
    left: (folder) => must(journalLines(folder) > 50, 'lines that were durable are gone'),
    check: (folder) => must(journalLines(folder) === LINES, 'lines are missing'),
  },
  upload: {
    write(folder) {
      for (let number = piecesOf(folder).length; number < PIECES; number += 1) {
        appendSealed(uploadFile(folder), key, number, piece(number))
      }
    },
    left: (folder) => must(piecesOf(folder).length > 2, 'pieces are gone'),
    check: (folder) => must(Buffer.concat(piecesOf(folder)).equals(whole), 'the upload is not what was sent'),
  },
  installer: {
    async write(folder) {
      const source = {
        announcement: () => Promise.resolve(''),
        async *pieces(_: unknown, from: number) {
          for (let at = from; at < whole.length; at += 5_000) yield whole.subarray(at, at + 5_000)
        },
      }
      await fetchInstaller(source, installer, folder, () => undefined)
    },
    left: (folder) => must(!existsSync(join(folder, installer.name)), 'half an installer has its name'),
    check: (folder) => must(readFileSync(join(folder, installer.name)).equals(whole), 'the installer is not whole'),
  },
  changes: {
    async write(folder) {
      const writer = await FileWriter.create(join(folder, 'changes'))
      try {
        for (let number = 0; number < PIECES; number += 1) await writer.add('x'.repeat(4_999))
      } finally {
        await writer.close()
      }
    },
    left: () => undefined,
    check: (folder) => must(statSync(join(folder, 'changes')).size >= whole.length, 'lines are missing'),
  },
  trail: {
    async begin(_, elsewhere) {
      const directory = join(elsewhere, 'training')
      const store = new Store({
        file: join(directory, 'office.db'),
        key: { bytes: await createKeyFile(directory, undefined) },
      })
      store.transaction(OFFICE, (transaction) => {
        for (let number = 0; number < LINES; number += 1) {
          transaction.audit({ action: 'test.wrote', subjectKind: 'office', subjectId: `entry ${number}` })
        }
      })
      store.close()
    },
    async write(folder, elsewhere) {
      const period = { from: undefined, until: undefined }
      const wanted = { dataDirectory: elsewhere, which: 'training', passphrase: undefined, period } as const
      await exportFolderTrail({ ...wanted, path: trailFile(folder), onProgress: () => undefined })
    },
    left: (folder) => must(!existsSync(trailFile(folder)), 'half an export is there'),
    check: (folder) =>
      must(readFileSync(trailFile(folder), 'utf8').split('\n').length > LINES, 'entries of the trail are missing'),
  },
  keys: {
    begin: (folder) => writeFileSync(keyFile(folder), 'the keys of yesterday'),
    write: (folder) => writeDurably(keyFile(folder), NEW_KEYS),
    left: (folder) => must(readFileSync(keyFile(folder), 'utf8') === 'the keys of yesterday', 'the old keys are gone'),
    check: (folder) => must(readFileSync(keyFile(folder), 'utf8') === NEW_KEYS, 'the new keys are not there'),
  },
  backup: {
    begin(_, elsewhere) {
      mkdirSync(elsewhere, { recursive: true })
      const store = new Store({ file: join(elsewhere, 'office.db'), key: { bytes: key } })
      writeFileSync(join(elsewhere, 'installation'), store.installationId)
      writeFileSync(join(elsewhere, 'keys.json'), '{}')
      store.close()
    },
    write(folder, elsewhere) {
      const installationId = readFileSync(join(elsewhere, 'installation'), 'utf8')
      const told = { officeName: 'Office', district: '', madeAt: Date.now(), keep: usualBackupSettings.keep }
      makeBackup({ task: 'make', directory: elsewhere, key, folder, installationId, ...told })
    },
    left(folder) {
      let found = 0
      try {
        found = findBackups(folder).length
      } catch {
        // That there is none is what is wanted.
      }
      must(found === 0, 'half a backup is taken for one')
    },
    check: (folder) => must(findBackups(folder).length === 1, 'there is no backup'),
  },
}
