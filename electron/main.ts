import { startShell } from './shell/start-shell.ts'

await startShell(process.argv.slice(1))
