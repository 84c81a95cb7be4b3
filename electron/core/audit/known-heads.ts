import { type AuditBreak, breakText, type KnownHead, readBreak } from './audit-log.ts'

/** The newest entry, `position:hash`, as the last transaction left it. */
const HEAD = 'audit-head'
/** How the end of the trail did not fit that mark when the store was opened. */
const STRANGE_END = 'audit-strange-end'
/** What the central server acknowledged last. */
const ACKNOWLEDGED = 'central-acknowledged'

interface Marks {
  find(key: string): string | undefined
  set(key: string, value: string): void
}

function readHead(text: string | undefined): KnownHead | undefined {
  const [position, hash] = (text ?? '').split(':')
  return position === undefined || hash === undefined ? undefined : { position: Number(position), hash }
}

/** Heads that the chain of a store has to run through: its own mark's, and the one that the central server has. */
export function knownHeads(findMark: (key: string) => string | undefined): KnownHead[] {
  const told = JSON.parse(findMark(ACKNOWLEDGED) || 'null') as { readonly head: KnownHead } | null
  return [readHead(findMark(HEAD)), told?.head].filter((head) => head !== undefined && head.position > 0) as KnownHead[]
}

/**
 * Holds the end of the trail against the store's mark before anything is written: the next entry moves the mark, and with
 * it would go all that is known of a tail that was cut.
 *
 * @param hashAt hash of the entry at a position
 */
export function noteStrangeEnd(marks: Marks, head: KnownHead, hashAt: (position: number) => string | undefined): void {
  const known = readHead(marks.find(HEAD))
  if (known === undefined || marks.find(STRANGE_END) !== undefined) return
  const found: AuditBreak | undefined =
    known.position > head.position
      ? { position: head.position + 1, kind: 'tail-cut' }
      : hashAt(known.position) !== known.hash
        ? { position: known.position, kind: 'altered' }
        : known.position < head.position
          ? { position: known.position + 1, kind: 'added' }
          : undefined
  if (found !== undefined) marks.set(STRANGE_END, breakText(found))
}

/** What {@link noteStrangeEnd} found at this opening or an earlier one. */
export const findStrangeEnd = (findMark: (key: string) => string | undefined): AuditBreak | undefined =>
  readBreak(findMark(STRANGE_END))
