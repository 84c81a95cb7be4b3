import { fileURLToPath } from 'node:url'
import { findPackedProgram, wantedFuses, wrongFuses } from './packed-program.ts'

/* `npm run packed:fuses`: after `npm run dist -- --dir`, whether the packed program has the fuses that it was to get. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = findPackedProgram(`${root}/dist`)
if (program === undefined) {
  process.stderr.write('There is no packed program in dist; "npm run dist -- --dir" makes one.\n')
  process.exitCode = 1
} else {
  const wrong = await wrongFuses(program, wantedFuses(`${root}/electron-builder.yml`))
  process.stdout.write(`${JSON.stringify({ program, wrong })}\n`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}
