/** What of a keyboard event decides which shortcut it is. */
interface PressedKey {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The letter of a key wherever it lies: on an Arabic layout, Ctrl+K gives another `key` but the same `code`. */
export function letterOf({ key, code }: Pick<PressedKey, 'key' | 'code'>): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase()
  return letter && !/^[a-z]$/i.test(key) ? letter : key.toLowerCase()
}

/** Whether a key press completes `keys`; `before` is the key pressed just before, for sequences such as `g r`. */
export function eventMatches(event: PressedKey, keys: string, before: string): boolean {
  const steps = keys.split(' ')
  if (steps.length === 2 && steps[0] !== before) return false
  const pieces = (steps.at(-1) ?? '').split('+')
  const wanted = pieces.at(-1) ?? ''
  const has = (name: string): boolean => pieces.includes(name)
  const mod = isMac ? event.metaKey : event.ctrlKey
  if (mod !== has('mod') || event.altKey !== has('alt')) return false
  if (has('shift') && !event.shiftKey) return false
  return letterOf(event) === wanted
}

/** Text goes into the focused field, so plain letters are not commands there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Key caps to show: `mod+k` → `Ctrl`, `K`. */
export function piecesOf(keys: string): string[] {
  const names: Record<string, string> = { mod: isMac ? '⌘' : 'Ctrl', alt: isMac ? '⌥' : 'Alt', shift: '⇧' }
  return keys.split(/[ +]/).map((piece) => names[piece] ?? (piece.length === 1 ? piece.toUpperCase() : piece))
}
