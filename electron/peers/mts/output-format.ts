import { type Jq, loadJq } from 'jq-wasm/inline'

/** Functions of newer versions than the service's jq 1.6: there they do not exist, and a program with them gives nothing. */
const NEWER_THAN_1_6 = ['pick(f)', 'abs', 'toarray', 'have_literal_numbers', 'have_decnum', 'trim', 'ltrim', 'rtrim']
const older = NEWER_THAN_1_6.map((name) => `def ${name}: error;`).join(' ')

/** The first instance that was made; another takes its place after an exception. */
let loaded: Promise<Jq> | undefined

async function jq(): Promise<Jq> {
  loaded ??= loadJq()
  return loaded
}

async function run(input: unknown, program: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const instance = await jq()
  try {
    return instance.raw(JSON.stringify(input), program, ['-c'])
  } catch (error) {
    loaded = undefined
    throw error
  }
}

/** Whether a program can be read at all. One that names unknown functions can: it gives null later. */
export async function isReadable(program: string): Promise<boolean> {
  const { stderr } = await run(null, `def p: ${program}\n; empty`)
  return !stderr.includes('syntax error')
}

/** What a program makes of each value: its first output, or null where there is none or it fails. */
export async function formatAll(values: readonly unknown[], program: string): Promise<unknown[]> {
  if (program === '' || program === '.output') return values.map((value) => (value as { output: unknown }).output)
  const { stdout } = await run(values, `${older} def p: ${program}\n; [.[] | (try ([limit(1; p)] | .[0]) catch null)]`)
  return stdout === '' ? values.map(() => null) : (JSON.parse(stdout) as unknown[])
}

/** A member of an object by a mapping's entry, which is put after a dot into a program. Null where there is none. */
export async function memberOf(record: object, entry: string): Promise<unknown> {
  const path = plainPath(entry)
  if (path === undefined) return (await formatAll([record], `.${entry}`))[0] ?? null
  let value: unknown = record
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null
  }
  return value ?? null
}

/** The keys of an entry that is nothing but keys: no program has to be run for it, which is what nearly all are. */
function plainPath(entry: string): string[] | undefined {
  const step = /\.?([A-Za-z_]\w*)|\.?("(?:[^"\\(]|\\["\\/bfnrt])*")|\[("(?:[^"\\(]|\\["\\/bfnrt])*")\]/y
  const keys: string[] = []
  while (step.lastIndex < entry.length) {
    const at = step.lastIndex
    const found = step.exec(entry)
    if (found === null || (at > 0 && !/^[.[]/.test(found[0])) || (at === 0 && /^\./.test(found[0]))) return undefined
    keys.push(found[1] ?? (JSON.parse(found[2] ?? found[3] ?? '""') as string))
  }
  return keys.length === 0 ? undefined : keys
}
