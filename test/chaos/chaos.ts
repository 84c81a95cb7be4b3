import { parseArgs } from 'node:util'
import { buildCore } from './build-core.ts'
import { chaosRun } from './chaos-run.ts'
import type { RunFigures } from './verdict.ts'

/*
 * `npm run chaos [-- --profile NAME --runs N --seed S --payments N]`: kills, restores, clock jumps and a payment system that fails in every
 * way, until everything is final or waits for an officer. One JSON line; ends with 1 when anybody was paid twice, lost, or
 * shown as paid without being so.
 */
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'g2p-connect-1.0' },
    runs: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    payments: { type: 'string', default: '60' },
    together: { type: 'string', default: '2' },
  },
})
const runs = Number(values.runs)
const seed = Number(values.seed)
const core = await buildCore()
const began = Date.now()
const figures: RunFigures[] = []

const seeds = Array.from({ length: runs }, (_, index) => seed + index)
const worker = async (): Promise<void> => {
  for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) {
    const found = await chaosRun({ seed: next, payments: Number(values.payments), core, profile: values.profile })
    figures.push(found)
    console.error(`run ${figures.length}/${runs} (seed ${next}): ${JSON.stringify(found)}`)
  }
}
await Promise.all(Array.from({ length: Number(values.together) }, worker))

const sum = (figure: keyof RunFigures): number => figures.reduce((total, found) => total + found[figure], 0)
const total = {
  profile: values.profile,
  runs: figures.length,
  payments: sum('payments'),
  double: sum('double'),
  lost: sum('lost'),
  falseSuccess: sum('falseSuccess'),
  killsInFlight: sum('killsInFlight'),
  unknowns: sum('unknowns'),
  resends: sum('resends'),
  restores: sum('restores'),
  paid: sum('paid'),
  rejected: sum('rejected'),
  waiting: sum('waiting'),
  seconds: Math.round((Date.now() - began) / 1000),
}
console.log(JSON.stringify(total))
process.exitCode = total.double + total.lost + total.falseSuccess > 0 ? 1 : 0
