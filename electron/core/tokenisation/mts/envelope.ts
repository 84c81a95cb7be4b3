import { newId } from '../../../../shared/model/ids.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { wrappedProgram } from '../../../../shared/rules/tokenisation/jq-program.ts'
import { quotedMapping } from '../../../../shared/rules/tokenisation/mapping.ts'
import { mappingOf } from '../person.ts'

/** Where the seeder calls, and what it shows there. */
export interface CallbackOrder {
  readonly url: string
  readonly secret: string
}

/** MTS 1.1.0 `callbackProperties`. */
function callbackProperties({ callback }: Pick<Connector, 'callback'>, { url, secret }: CallbackOrder): object {
  const { httpMethod, timeoutSeconds, inBulk, authType, database, username, clientId, extraHeaders } = callback
  return {
    url,
    httpMethod,
    timeoutSeconds,
    callInBulk: inBulk,
    extraHeaders: Object.fromEntries(extraHeaders.map(({ name, value }) => [name, value])),
    authType,
    ...(authType === 'staticBearer' ? { authStaticBearer: { token: secret } } : {}),
    ...(authType === 'odoo'
      ? { authOdoo: { authUrl: `${url}/web/session/authenticate`, database, username, password: secret } }
      : {}),
    ...(authType === 'oauth'
      ? {
          authOauth: {
            authUrl: `${url}/oauth/token`,
            username,
            password: username === '' ? '' : secret,
            clientId,
            clientSecret: secret,
          },
        }
      : {}),
  }
}

/** What every request to the seeder says of how its answers are wanted. */
const wishes = (connector: Connector, order: CallbackOrder | undefined) => ({
  output: connector.outputType,
  deliverytype: order === undefined ? 'download' : 'callback',
  lang: connector.language,
  mapping: quotedMapping(mappingOf(connector)),
  ...(order === undefined ? {} : { callbackProperties: callbackProperties(connector, order) }),
})

const envelope = (now: number, request: object): string =>
  JSON.stringify({
    id: newId(),
    version: '1.0',
    metadata: '',
    requesttime: new Date(now).toISOString(),
    request,
  })

/** Body of `POST /authtoken/json`. `now`: epoch milliseconds. */
export const registryRequest = (
  connector: Connector,
  authdata: readonly Readonly<Record<string, string>>[],
  order: CallbackOrder | undefined,
  now: number,
): string =>
  envelope(now, { ...wishes(connector, order), outputFormat: wrappedProgram(connector.outputFormat), authdata })

/**
 * Body of a question that names nobody: a program that nobody can read. MTS 1.1.0 refuses it; MTS 1.0, which knows no output
 * formats, does not look at it and finds nothing to check in the empty record.
 */
export const formatQuestion = (now: number): string =>
  envelope(now, { output: 'json', deliverytype: 'download', outputFormat: '{', authdata: [{}] })

/** Body of `POST /authtoken/odk`: the seeder pulls by itself what `config` names, and answers by the program. */
export const formRequest = (
  connector: Connector,
  { program, config }: { readonly program: string; readonly config: object },
  order: CallbackOrder | undefined,
  now: number,
): string => envelope(now, { ...wishes(connector, order), outputFormat: program, odkconfig: config })
