import { runDesk } from './core/doors/desk.ts'

process.exitCode = await runDesk(process.argv.slice(2), {
  say: (answer) => void process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`),
  explain: (text) => void process.stderr.write(`${text}\n`),
})
