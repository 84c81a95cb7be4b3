import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Count, countPlaywright, countVitest, noCount, sumCounts } from './count-results.ts'

/*
 * `npm test`: everything that must hold, in the order in which it fails fastest. `npm test -- unit e2e` runs only these steps.
 * The last line is always of the form `N passed, N failed, N skipped`.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const results = join(root, 'out', 'test')

interface Step {
  readonly name: string
  /** Package, its program inside `node_modules`, and the arguments. */
  readonly program: readonly [string, ...string[]]
  /** Where the step writes its results, and how they are counted. */
  readonly counted?: { readonly file: string; readonly count: (report: string) => Count }
}

const steps: readonly Step[] = [
  { name: 'lint', program: ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', program: ['typescript/bin/tsc', '--noEmit'] },
  // Once more without the browser's types: the core must not lean on a window.
  { name: 'types-core', program: ['typescript/bin/tsc', '--noEmit', '-p', 'electron/core'] },
  {
    name: 'imports',
    program: [
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      ...['--config', '.dependency-cruiser.cjs', 'electron', 'renderer', 'shared', 'test'],
    ],
  },
  { name: 'unused', program: ['knip/bin/knip.js'] },
  {
    name: 'unit',
    program: [
      'vitest/vitest.mjs',
      ...['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${join(results, 'vitest.json')}`],
    ],
    counted: { file: join(results, 'vitest.json'), count: countVitest },
  },
  { name: 'build', program: ['electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'warn'] },
  {
    name: 'e2e',
    program: ['@playwright/test/cli.js', 'test'],
    counted: { file: join(results, 'playwright.json'), count: countPlaywright },
  },
]

function runStep(step: Step): { readonly ok: boolean; readonly count: Count } {
  const [program, ...parameters] = step.program
  if (step.counted !== undefined) rmSync(step.counted.file, { force: true })
  const started = performance.now()
  // Tests show their progress; a check speaks only when it found something.
  const quiet = step.counted === undefined
  process.stdout.write(`\n=== ${step.name}\n`)
  const run = spawnSync(process.execPath, [join(root, 'node_modules', program), ...parameters], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
  })
  const count = step.counted === undefined ? noCount : readCount(step.counted)
  const ok = run.status === 0 && count.failed === 0
  if (quiet && !ok) process.stdout.write(`${run.stdout}${run.stderr}`)
  if (run.error !== undefined) process.stdout.write(`${run.error.message}\n`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`=== ${step.name}: ${ok ? 'good' : 'FAILED'} in ${seconds} s\n`)
  return { ok, count }
}

/** A step that left no results has counted nothing; its exit code says that it failed. */
function readCount({ file, count }: NonNullable<Step['counted']>): Count {
  return existsSync(file) ? count(readFileSync(file, 'utf8')) : noCount
}

function choose(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    process.stderr.write(
      `No such step: ${unknown.join(', ')}. There are ${steps.map(({ name }) => name).join(', ')}.\n`,
    )
    process.exit(2)
  }
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name))
}

mkdirSync(results, { recursive: true })
const started = performance.now()
let total = noCount
let failedStep: string | undefined
for (const step of choose(process.argv.slice(2))) {
  const { ok, count } = runStep(step)
  total = sumCounts(total, count)
  if (!ok) {
    failedStep = step.name
    break
  }
}
for (const { title, reason } of total.skips) process.stdout.write(`skipped: ${title} (${reason})\n`)
const seconds = ((performance.now() - started) / 1000).toFixed(0)
if (failedStep === undefined) process.stdout.write(`\nEverything holds (${seconds} s).\n`)
else
  process.stdout.write(`\nStopped: the step "${failedStep}" failed (${seconds} s). Alone: npm test -- ${failedStep}\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`)
process.exitCode = failedStep === undefined ? 0 : 1
