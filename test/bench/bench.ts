import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/*
 * `npm run bench [-- NAME …]`: each `*.bench.ts` in a process of its own, one after the other, so that no figure carries
 * the garbage of another. Every line it prints is a figure beside what it is held against; they are kept in `out/bench/`.
 */
const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '../../out/bench')

const all = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.bench.ts'))
  .sort()
const nameOf = (file: string): string => file.replaceAll('\\', '/').replace(/^.*\//, '').replace('.bench.ts', '')

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.some((file) => nameOf(file) === name))
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are: ${all.map(nameOf).join(', ')}.`)
  process.exit(2)
}

mkdirSync(out, { recursive: true })
let failed = 0
for (const file of all.filter((one) => asked.length === 0 || asked.includes(nameOf(one)))) {
  const child = spawn(process.execPath, ['--expose-gc', join(here, 'run-bench.ts'), join(here, file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(line)
    if (line.startsWith('{')) lines.push(line)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (lines.length > 0) writeFileSync(join(out, `${nameOf(file)}.jsonl`), `${lines.join('\n')}\n`)
  if (code !== 0) {
    failed += 1
    console.error(`bench ${nameOf(file)} ended with ${code}`)
  }
}
process.exit(failed === 0 ? 0 : 1)
