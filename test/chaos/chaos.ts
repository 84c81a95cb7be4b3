import { parseArgs } from 'node:util'
import { buildCore } from './build-core.ts'
import { type DistrictRunFigures, districtRun } from './central/district-run.ts'
import { chaosRun } from './chaos-run.ts'
import { type FileRunFigures, fileRun } from './file/file-run.ts'
import { type SeederRunFigures, seederRun } from './mts/seeder-run.ts'
import type { RunFigures } from './verdict.ts'

/*
 * `npm run chaos [-- --profile NAME (or --channel payment-hub) --runs N --seed S --payments N]`: kills, restores, clock jumps and a payment system that fails in every
 * way, until everything is final or waits for an officer. One JSON line; ends with 1 when anybody was paid twice, lost, or
 * shown as paid without being so.
 *
 * `npm run chaos -- --channel file`: the same with an office that pays by files: officers carry copies to a bank and bring its results.
 *
 * `npm run chaos -- --central [--offices N --people N --events N]`: the same with offices that share a central server and all prepare the same
 * cycle offline; it also ends with 1 when the offices and the server do not come to hold the same records, a refused write was
 * shown to nobody, or no office was killed while a claim or a message was on its way.
 */
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'g2p-connect-1.0' },
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    payments: { type: 'string', default: '60' },
    together: { type: 'string' },
    channel: { type: 'string', default: 'g2p-connect' },
    central: { type: 'boolean', default: false },
    mts: { type: 'boolean', default: false },
    offices: { type: 'string', default: '5' },
    people: { type: 'string' },
    events: { type: 'string', default: '40' },
  },
})
/** A way to pay that has one kind of receiver only is named by itself. */
const profile = values.channel === 'payment-hub' ? values.channel : values.profile
const seed = Number(values.seed)
const began = Date.now()

/** All seeds, some of them at the same time. */
async function runAll<F extends object>(
  runs: number,
  together: number,
  run: (seed: number) => Promise<F>,
): Promise<F[]> {
  const seeds = Array.from({ length: runs }, (_, index) => seed + index)
  const figures: F[] = []
  const worker = async (): Promise<void> => {
    for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) {
      const found = await run(next)
      figures.push(found)
      const { findings = [], ...told } = found as F & { readonly findings?: readonly string[] }
      console.error(`run ${figures.length}/${runs} (seed ${next}): ${JSON.stringify(told)}`)
      for (const finding of findings) console.error(`  ${finding}`)
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
  return figures
}

/** How to see one run again. */
const repeat = (next: number, options: string): string =>
  `npm run chaos -- ${options} --profile ${profile} --runs 1 --seed ${next}`

const seconds = (): number => Math.round((Date.now() - began) / 1000)

type Counts<F> = { [K in keyof F]: F[K] extends number ? K : never }[keyof F]
const sumOf =
  <F extends Record<Counts<F>, number>>(figures: readonly F[]) =>
  (figure: Counts<F>): number =>
    figures.reduce((total, found) => total + found[figure], 0)

async function oneOffice(): Promise<void> {
  const core = await buildCore('test/chaos/core-process.ts')
  const payments = Number(values.payments)
  const figures: RunFigures[] = await runAll(Number(values.runs ?? 10), Number(values.together ?? 2), (next) =>
    chaosRun({ seed: next, payments, core, profile }),
  )
  const sum = sumOf(figures)
  const total = {
    profile,
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
    toldUnpaid: sum('toldUnpaid'),
    seconds: seconds(),
  }
  console.log(JSON.stringify(total))
  process.exitCode = total.double + total.lost + total.falseSuccess > 0 ? 1 : 0
}

const isWrong = (run: DistrictRunFigures): boolean =>
  run.double + run.lost + run.falseSuccess + run.auditBroken + run.refusedHidden > 0 || !run.converged

async function district(): Promise<void> {
  const core = await buildCore('test/chaos/central/office-process.ts')
  const offices = Number(values.offices)
  const wish = { offices, people: Number(values.people ?? 20), events: Number(values.events), core, profile }
  const again = `--central --offices ${offices} --people ${wish.people} --events ${values.events}`
  const figures: DistrictRunFigures[] = await runAll(
    Number(values.runs ?? 3),
    Number(values.together ?? 1),
    async (next) => {
      try {
        const run = await districtRun({ ...wish, seed: next })
        if (isWrong(run)) console.error(`seed ${next} is wrong; again: ${repeat(next, again)}`)
        return run
      } catch (error) {
        console.error(`seed ${next} broke off; again: ${repeat(next, again)}`)
        throw error
      }
    },
  )
  const sum = sumOf(figures)
  const total = {
    profile,
    runs: figures.length,
    offices,
    payments: sum('payments'),
    double: sum('double'),
    lost: sum('lost'),
    falseSuccess: sum('falseSuccess'),
    converged: figures.every(({ converged }) => converged),
    killsInFlight: sum('killsInFlight'),
    claimKills: sum('claimKills'),
    postKills: sum('postKills'),
    restores: sum('restores'),
    copies: sum('copies'),
    losses: sum('losses'),
    cuts: sum('cuts'),
    clockJumps: sum('clockJumps'),
    serverRestarts: sum('serverRestarts'),
    refusedVisible: sum('refusals') - sum('refusedHidden'),
    refusedTotal: sum('refusals'),
    conflicts: sum('conflicts'),
    takeovers: sum('takeovers'),
    claimsLost: sum('claimsLost'),
    auditBroken: sum('auditBroken'),
    paid: sum('paid'),
    rejected: sum('rejected'),
    waiting: sum('waiting'),
    toldUnpaid: sum('toldUnpaid'),
    attempts: sum('attempts'),
    seconds: seconds(),
  }
  console.log(JSON.stringify(total))
  if (total.killsInFlight === 0) console.error('nobody was killed while something was on its way')
  process.exitCode = figures.some(isWrong) || total.killsInFlight === 0 ? 1 : 0
}

async function byFile(): Promise<void> {
  const core = await buildCore('test/chaos/file/file-core-process.ts')
  const payments = Number(values.payments)
  const figures: FileRunFigures[] = await runAll(Number(values.runs ?? 10), Number(values.together ?? 2), (next) =>
    fileRun({ seed: next, payments, core }),
  )
  const sum = sumOf(figures)
  const total = {
    channel: 'file',
    runs: figures.length,
    payments: sum('payments'),
    double: sum('double'),
    lost: sum('lost'),
    falseSuccess: sum('falseSuccess'),
    killsInFlight: sum('killsInFlight'),
    unknowns: sum('unknowns'),
    restores: sum('restores'),
    copies: sum('copies'),
    refusedByBank: sum('refusedByBank'),
    changedCopies: sum('changedCopies'),
    paid: sum('paid'),
    rejected: sum('rejected'),
    withdrawn: sum('withdrawn'),
    waiting: sum('waiting'),
    seconds: seconds(),
  }
  console.log(JSON.stringify(total))
  process.exitCode = total.double + total.lost + total.falseSuccess + total.changedCopies > 0 ? 1 : 0
}

async function tokenSeeder(): Promise<void> {
  const core = await buildCore('test/chaos/mts/seeder-core-process.ts')
  const people = Number(values.people ?? 40)
  const figures: SeederRunFigures[] = await runAll(Number(values.runs ?? 10), Number(values.together ?? 2), (next) =>
    seederRun({ seed: next, people, core }),
  )
  const sum = sumOf(figures)
  const total = {
    runs: figures.length,
    people: sum('people'),
    tokenised: sum('tokenised'),
    listed: sum('listed'),
    wrong: sum('wrong'),
    lost: sum('lost'),
    killsInFlight: sum('killsInFlight'),
    kills: sum('kills'),
    seederRestarts: sum('seederRestarts'),
    faults: sum('faults'),
    callbacks: sum('callbacks'),
    seconds: seconds(),
  }
  console.log(JSON.stringify(total))
  process.exitCode = total.wrong + total.lost > 0 ? 1 : 0
}

await (values.channel === 'file' ? byFile() : values.mts ? tokenSeeder() : values.central ? district() : oneOffice())
