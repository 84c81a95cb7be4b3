import { serveOffice } from './server/serve-office.ts'

process.exitCode = await serveOffice(process.argv.slice(2))
