/*
 * What an officer's jq program must not do, found without running it. The seeder runs programs of others with its own
 * environment at hand, which holds its credentials; so what reaches for it is refused here, and what its older jq (1.6) does
 * not know is named.
 */

/** Reach the seeder's environment, its files or its input, or end it. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'env',
  'input',
  'inputs',
  'input_filename',
  'input_line_number',
  'import',
  'include',
  'modulemeta',
  'get_search_list',
  'halt',
  'halt_error',
  'debug',
  'stderr',
])
const FORBIDDEN_VARIABLES: ReadonlySet<string> = new Set(['ENV', '__prog_args'])

/** Came with jq 1.7 or later. */
const NEWER: ReadonlySet<string> = new Set([
  'pick',
  'abs',
  'toarray',
  'trim',
  'ltrim',
  'rtrim',
  'trimstr',
  'skip',
  'have_literal_numbers',
  'have_decnum',
  'base32d',
  'urid',
])

export interface ProgramWord {
  readonly word: string
  /** Where in the text, in UTF-16 units. */
  readonly offset: number
  readonly length: number
}

export interface ProgramFindings {
  readonly forbidden: readonly ProgramWord[]
  readonly newer: readonly ProgramWord[]
  /** The text ends within a string. */
  readonly isOpen: boolean
}

interface Token {
  readonly kind: 'word' | 'field' | 'variable' | 'format' | 'sign'
  readonly text: string
  readonly offset: number
}

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y

/**
 * Tokens of a program; strings and comments are left out, what is interpolated into a string is not. Comments end with their
 * line, as jq 1.6 reads them: later versions let a backslash carry them on, and would hide what 1.6 runs.
 */
function tokensOf(text: string): { readonly tokens: readonly Token[]; readonly isOpen: boolean } {
  const tokens: Token[] = []
  /** For each interpolation that is open: its parentheses. */
  const depths: number[] = []
  let at = 0
  let inString = false
  const wordAt = (start: number): string => {
    WORD.lastIndex = start
    return WORD.exec(text)?.[0] ?? ''
  }
  while (at < text.length) {
    const sign = text[at] as string
    if (inString) {
      if (sign === '\\' && text[at + 1] === '(') {
        depths.push(0)
        inString = false
        at += 2
      } else if (sign === '\\') at += 2
      else {
        if (sign === '"') inString = false
        at += 1
      }
      continue
    }
    if (sign === '"') {
      inString = true
      at += 1
    } else if (sign === '#') {
      const end = /[\n\r]/g
      end.lastIndex = at
      at = end.exec(text)?.index ?? text.length
    } else if (sign === '(' || sign === ')') {
      const open = depths.at(-1)
      if (sign === ')' && open === 0) {
        depths.pop()
        inString = true
      } else if (open !== undefined) depths[depths.length - 1] = open + (sign === '(' ? 1 : -1)
      tokens.push({ kind: 'sign', text: sign, offset: at })
      at += 1
    } else if (sign === '@') {
      const word = wordAt(at + 1)
      tokens.push({ kind: 'format', text: word, offset: at })
      at += 1 + word.length
    } else if (sign === '.' && text[at - 1] !== '.' && wordAt(at + 1) !== '') {
      const word = wordAt(at + 1)
      tokens.push({ kind: 'field', text: word, offset: at })
      at += 1 + word.length
    } else if (wordAt(at) !== '') {
      const word = wordAt(at)
      const isVariable = tokens.at(-1)?.kind === 'sign' && tokens.at(-1)?.text === '$'
      tokens.push({ kind: isVariable ? 'variable' : 'word', text: word, offset: at })
      at += word.length
    } else {
      if (!/\s/.test(sign)) tokens.push({ kind: 'sign', text: sign, offset: at })
      at += 1
    }
  }
  return { tokens, isOpen: inString || depths.length > 0 }
}

/** Reads a program without running it. */
export function readProgram(text: string): ProgramFindings {
  const { tokens, isOpen } = tokensOf(text)
  const forbidden: ProgramWord[] = []
  const newer: ProgramWord[] = []
  let openIfs = 0
  for (const [index, { kind, text: word, offset }] of tokens.entries()) {
    const found: ProgramWord = { word, offset, length: word.length }
    // `{env: 1}` names a key.
    const next = tokens[index + 1]?.text
    const isKey = kind === 'word' && next === ':' && tokens[index + 2]?.text !== ':'
    if (kind === 'variable' && FORBIDDEN_VARIABLES.has(word)) forbidden.push({ ...found, word: `$${word}` })
    if (kind === 'word' && !isKey && FORBIDDEN.has(word)) forbidden.push(found)
    if ((kind === 'word' && !isKey && NEWER.has(word)) || (kind === 'format' && NEWER.has(word))) newer.push(found)
    if (kind !== 'word') continue
    if (word === 'if') openIfs += 1
    if (word === 'else') openIfs -= 1
    // jq 1.6 wants an `else`; `elif` continues the same one.
    if (word === 'end' && openIfs > 0) {
      newer.push({ ...found, word: 'if … end' })
      openIfs -= 1
    }
  }
  return { forbidden, newer, isOpen }
}

/**
 * The program that the seeder is given: the connector's own within it, and around it what the office needs to know whom an
 * answer is about, whatever that program does. Written for jq 1.6.
 *
 * @param ref a program that gives the office's reference of the person
 */
export const wrappedProgram = (program: string, ref = '.input.g2pRef'): string => `{
  "g2pRef": ${ref},
  "status": .output.status,
  "token": .output.token,
  "vid": .output.vid,
  "errorCode": .output.errorCode,
  "errorMessage": .output.errorMessage,
  "out": (try ([limit(1; (${program.trim() === '' ? '.output' : program}
))] | .[0]) catch null)
}`
