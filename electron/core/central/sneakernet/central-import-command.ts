import { readArguments } from '../../doors/command-line.ts'
import type { Desk } from '../../doors/desk.ts'
import { ArgumentError } from '../../doors/office-arguments.ts'
import { createHttp } from '../../http/http.ts'
import { readCentreKey } from '../setup/centre-key.ts'
import { CentralServer } from '../setup/server.ts'
import { credentials, readText, serverAddress } from '../setup/server-arguments.ts'
import { importAtCentre } from './central-import.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const options = {
  'key-file': text,
  couch: text,
  district: text,
  'accept-removals': flag,
  'certificate-authority': text,
  'credentials-fd': text,
} as const

/** `central-import FILE --key-file KEY --couch URL --district CODE`: takes changes of an office that came in a file into the server. */
export async function centralImport(argv: readonly string[], desk: Desk): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  const [path, ...rest] = positionals
  if (path === undefined || rest.length > 0) throw new ArgumentError('one file is needed')
  const given = (name: 'key-file' | 'couch' | 'district'): string => {
    const value = values[name]
    if (value === undefined) throw new ArgumentError(`--${name} is missing`)
    return value
  }
  const access = {
    url: serverAddress(given('couch')),
    ...credentials(values['credentials-fd']),
    certificateAuthority:
      values['certificate-authority'] === undefined ? '' : readText(values['certificate-authority']),
  }
  const http = createHttp()
  try {
    const { manifest, refusals, ...counts } = await importAtCentre(await CentralServer.open(http, access), {
      district: given('district'),
      key: readCentreKey(given('key-file')),
      path,
      acceptRemovals: values['accept-removals'] === true,
      onProgress: (done, total) => desk.explain(`part ${done} of ${total}`),
    })
    const { from, officeName, officerId, madeAt, sequence } = manifest
    for (const { id, reason } of refusals) desk.explain(`refused ${id}: ${reason}`)
    desk.say({ from, officeName, officerId, madeAt, sequence, ...counts })
    return counts.refused === 0 ? 0 : 1
  } finally {
    http.close()
  }
}
