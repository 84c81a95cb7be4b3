import { existsSync, readdirSync, statSync } from 'node:fs'
import { freemem, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { programVersion } from '../program-version.ts'

/** What can be told of program and machine; no name of the machine, of its user, or of a folder. */
export function machineFacts() {
  return {
    version: programVersion,
    platform: process.platform,
    arch: process.arch,
    system: release(),
    node: process.versions.node,
    electron: process.versions.electron ?? null,
    /** Minutes that local time is ahead of UTC. */
    timeZoneOffset: -new Date().getTimezoneOffset(),
    memory: { total: megabytes(totalmem()), free: megabytes(freemem()), process: megabytes(process.memoryUsage.rss()) },
  }
}

/** Files that the program itself made in the folder of an office, by size in bytes. */
export function folderFacts(directory: string): Record<string, number> {
  const own = /^(office\.db(-wal|-shm)?|office\.db\.before-\d+|keys\.json|installation\.json|dispatch-journal\.jsonl)$/
  if (!existsSync(directory)) return {}
  return Object.fromEntries(
    readdirSync(directory)
      .filter((name) => own.test(name))
      .sort()
      .map((name) => [name, statSync(join(directory, name)).size]),
  )
}

const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000)
