import { globSync, readFileSync } from 'node:fs'
import { parseSync } from 'vite'

/** A node of the syntax tree; only what the checks look at. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

/** Every source file of the screens, by path, parsed. */
export function screenSources(): Map<string, Node> {
  const files = globSync('renderer/**/*.{ts,tsx}').filter((file) => !file.endsWith('.d.ts'))
  return new Map(files.sort().map((file) => [file, parse(file, readFileSync(file, 'utf8'))]))
}

/** @param file decides by its ending whether JSX is allowed */
export function parse(file: string, text: string): Node {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  return program as unknown as Node
}

/** Every node below this one, itself first. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof (child as Node).type === 'string') yield* walk(child as Node)
    }
  }
}

/** The text of a string literal, or of a template without holes. */
export function literalOf(node: unknown): string | undefined {
  const { type, value, quasis, expressions } = (node ?? {}) as {
    type?: string
    value?: unknown
    quasis?: { value: { cooked: string } }[]
    expressions?: unknown[]
  }
  if (type === 'Literal' && typeof value === 'string') return value
  if (type === 'TemplateLiteral' && expressions?.length === 0) return quasis?.[0]?.value.cooked
  return undefined
}
