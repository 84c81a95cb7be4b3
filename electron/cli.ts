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
import { runDesk } from './core/doors/desk.ts'

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

process.exitCode = await runDesk(process.argv.slice(2), {
  say: (answer) => void process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`),
  explain: (text) => void process.stderr.write(`${text}\n`),
  wordsOf: ({ code, params }) =>
    (sentences[code] ?? code).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? '')),
})
