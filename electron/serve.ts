import { keepCompiledCode } from './core/doors/compiled-code.ts'

// Before the rest is loaded, which is why it is not imported above.
keepCompiledCode()
const { serveOffice } = await import('./server/serve-office.ts')
process.exitCode = await serveOffice(process.argv.slice(2))
