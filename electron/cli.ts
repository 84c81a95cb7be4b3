import audit from '../renderer/i18n/en/errors-audit.json' with { type: 'json' }
import backup from '../renderer/i18n/en/errors-backup.json' with { type: 'json' }
import central from '../renderer/i18n/en/errors-central.json' with { type: 'json' }
import centralFiles from '../renderer/i18n/en/errors-central-files.json' with { type: 'json' }
import centralSetup from '../renderer/i18n/en/errors-central-setup.json' with { type: 'json' }
import conformance from '../renderer/i18n/en/errors-conformance.json' with { type: 'json' }
import dispatch from '../renderer/i18n/en/errors-dispatch.json' with { type: 'json' }
import http from '../renderer/i18n/en/errors-http.json' with { type: 'json' }
import identity from '../renderer/i18n/en/errors-identity.json' with { type: 'json' }
import store from '../renderer/i18n/en/errors-store.json' with { type: 'json' }
import vault from '../renderer/i18n/en/errors-vault.json' with { type: 'json' }
import type { Fault } from '../shared/contract/result.ts'
import { runDesk } from './core/doors/desk.ts'
import { diskFaultOf } from './core/store/write-durably.ts'

/** The sentences that the screens show, of what commands can come upon. */
const sentences: Readonly<Record<string, string>> = {
  ...audit,
  ...store,
  ...backup,
  ...vault,
  ...identity,
  ...http,
  ...dispatch,
  ...conformance,
  ...central,
  ...centralFiles,
  ...centralSetup,
}

const explain = (text: string): void => void process.stderr.write(`${text}\n`)
const wordsOf = ({ code, params }: Fault): string =>
  (sentences[code] ?? code).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? ''))

// An answer that goes into a file may meet a disk that is full.
process.stdout.on('error', (error) => {
  const code = diskFaultOf(error)
  explain(code === undefined ? error.message : wordsOf({ code, params: {} }))
  process.exitCode = 1
})
const exitCode = await runDesk(process.argv.slice(2), {
  say: (answer) => void process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`),
  explain,
  wordsOf,
})
process.exitCode ||= exitCode
