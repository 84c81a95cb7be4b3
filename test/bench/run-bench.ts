import { pathToFileURL } from 'node:url'
import type { BenchLine } from './bench-line.ts'

/* One bench module in its own process: prints its figures, one JSON line each. */
const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('which bench?')
const { run } = (await import(pathToFileURL(file).href)) as { run: () => Promise<readonly BenchLine[]> }
for (const line of await run()) console.log(JSON.stringify(line))
process.exit(0)
