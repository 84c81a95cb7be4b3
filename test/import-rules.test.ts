import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const tool = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')

const targets = [
  'shared/model/batch.ts',
  'electron/core/store/store.ts',
  'electron/core/http/exchange.ts',
  'electron/core/channels/file/channel.ts',
  'electron/shell/window.ts',
  'electron/server/door.ts',
  'electron/peers/bank/bank.ts',
  'electron/training/office.ts',
  'renderer/features/home/index.ts',
  'renderer/features/home/inside.ts',
  'test/case.ts',
]

const take = (path: string): string => `import { value } from '@/${path}'\nexport const used = value`

const forbidden = [
  ['shared-stands-alone', 'shared/x.ts', take('electron/core/store/store.ts')],
  ['shared-stands-alone', 'shared/x.ts', "export * from 'react'"],
  ['shared-without-node', 'shared/x.ts', "import 'node:fs'"],
  ['core-knows-no-door', 'electron/core/x.ts', take('electron/shell/window.ts')],
  ['core-knows-no-door', 'electron/core/x.ts', take('electron/training/office.ts')],
  [
    'core-knows-no-door',
    'electron/core/x.ts',
    "export const later = () => import('@/renderer/features/home/index.ts')",
  ],
  ['core-without-screens', 'electron/core/x.ts', "import 'react'"],
  ['only-the-shell-imports-electron', 'electron/core/x.ts', "import { app } from 'electron'\nexport { app }"],
  ['only-the-shell-imports-electron', 'electron/x.ts', "import 'electron'"],
  ['doors-import-the-core', 'electron/shell/x.ts', take('electron/server/door.ts')],
  ['doors-import-the-core', 'electron/server/x.ts', take('electron/shell/window.ts')],
  ['peers-import-shared', 'electron/peers/bank/x.ts', take('electron/core/store/store.ts')],
  ['peers-stay-in-training', 'electron/core/x.ts', take('electron/peers/bank/bank.ts')],
  ['peers-stay-in-training', 'electron/x.ts', take('electron/peers/bank/bank.ts')],
  ['training-builds-on-core-and-peers', 'electron/training/x.ts', take('electron/shell/window.ts')],
  ['renderer-knows-only-types-of-the-core', 'renderer/x.tsx', take('electron/core/store/store.ts')],
  ['renderer-imports-shared', 'renderer/x.tsx', take('electron/server/door.ts')],
  ['renderer-without-node', 'renderer/x.tsx', "import 'node:path'"],
  ['features-keep-to-themselves', 'renderer/features/batches/x.tsx', take('renderer/features/home/inside.ts')],
  ['channels-keep-to-themselves', 'electron/core/channels/wire/x.ts', take('electron/core/channels/file/channel.ts')],
  [
    'network-only-through-http',
    'electron/core/dispatch/x.ts',
    "import { request } from 'node:https'\nexport { request }",
  ],
  ['network-only-through-http', 'electron/core/dispatch/x.ts', "import 'ws'"],
  ['no-source-imports-tests', 'electron/core/x.ts', take('test/case.ts')],
  ['no-circles', 'shared/round.ts', "export * from '@/shared/about.ts'"],
  ['no-circles', 'shared/about.ts', "export * from '@/shared/round.ts'"],
  ['everything-resolves', 'shared/x.ts', "import './nowhere.ts'"],
] as const

const allowed = [
  ['shared/x.ts', take('shared/model/batch.ts')],
  ['shared/x.ts', "import 'zod'"],
  ['electron/core/x.ts', take('shared/model/batch.ts')],
  ['electron/core/http/x.ts', "import 'node:https'"],
  ['electron/shell/x.ts', "import { app } from 'electron'\nexport { app }"],
  ['electron/shell/x.ts', take('electron/core/store/store.ts')],
  ['electron/server/x.ts', "import 'ws'"],
  ['electron/training/x.ts', take('electron/peers/bank/bank.ts')],
  ['renderer/x.tsx', "import type { Shape } from '@/electron/core/store/store.ts'\nexport type Used = Shape"],
  ['renderer/features/batches/x.tsx', take('renderer/features/home/index.ts')],
  ['test/x.ts', take('electron/peers/bank/bank.ts')],
] as const

const relativePath = (from: string, to: string): string => {
  const path = relative(dirname(from), to).replaceAll('\\', '/')
  return path.startsWith('.') ? path : `./${path}`
}

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
  readonly cycle?: readonly { readonly name: string }[]
}

/** One small house with a file for each case; gives the names of the broken rules for each file. */
function inspectHouse(cases: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const house = mkdtempSync(join(tmpdir(), 'import-rules-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), text)
  }
  for (const target of targets) write(target, 'export const value = 1\nexport type Shape = number\n')
  for (const name of ['electron', 'react', 'ws', 'zod']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    write(`node_modules/${name}/index.js`, 'export const value = 1\n')
  }
  for (const [file, statement] of cases) {
    write(file, `${statement.replace(/@\/([\w./-]+)/, (_match, path: string) => relativePath(file, path))}\n`)
  }
  const folders = ['electron', 'renderer', 'shared', 'test']
  const run = spawnSync(
    process.execPath,
    [tool, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders],
    { cwd: house, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  rmSync(house, { recursive: true })
  if (run.stdout === '') throw new Error(run.stderr)
  const { summary }: { summary: { violations: Violation[] } } = JSON.parse(run.stdout)
  const broken = new Map<string, string[]>()
  for (const { from, rule, cycle } of summary.violations) {
    // A circle is told once; every file on it is part of it.
    for (const file of cycle?.map(({ name }) => name) ?? [from]) {
      broken.set(file, [...(broken.get(file) ?? []), rule.name])
    }
  }
  return broken
}

/** The file of a case gets a name of its own, so that all stand in one house. */
const named = (file: string, name: string): string => file.replace(/\bx\.(tsx?)$/, `${name}.$1`)

describe('import rules', () => {
  const refused = forbidden.map(([rule, file, statement], index) => ({
    rule,
    file: named(file, `refused-${index}`),
    statement,
  }))
  const taken = allowed.map(([file, statement], index) => ({ file: named(file, `taken-${index}`), statement }))
  const broken = inspectHouse(new Map([...refused, ...taken].map(({ file, statement }) => [file, statement])))

  it.each(refused)('$rule: refuses $statement in $file', ({ rule, file }) => {
    expect(broken.get(file)).toContain(rule)
  })

  it.each(taken)('lets $file have $statement', ({ file }) => {
    expect(broken.get(file)).toBeUndefined()
  })

  it('has a case for every rule', () => {
    const config: { forbidden: { name: string }[] } = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
    const names = config.forbidden.map(({ name }) => name)
    expect(new Set(forbidden.map(([rule]) => rule))).toEqual(new Set(names))
  })
})
