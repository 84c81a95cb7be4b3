import { randomBytes } from 'node:crypto'
import { call, callFollowing } from './outgoing.ts'
import { pythonCsv, pythonJson } from './python.ts'
import type { CallbackAuth, CallbackProperties } from './request-check.ts'

/** What one call says; undefined where it is null. */
type Body = { readonly type: string; readonly text: string } | undefined

/** How a delivery may go on while it runs. */
export interface DeliveryWatch {
  /** Whether MTS still knows the request: what is removed meanwhile is not delivered. */
  isKnown(): boolean
  called(): void
}

/**
 * Makes the calls of one request, one after the other, each on a connection of its own. The status of an answer is not looked at;
 * the first call that gets none ends it.
 *
 * @param results formatted, in the order of the input
 */
export async function deliver(
  results: readonly unknown[],
  output: 'json' | 'csv',
  callback: CallbackProperties,
  watch: DeliveryWatch,
): Promise<void> {
  const { auth, httpMethod: method, url, extraHeaders } = callback
  if (!/^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/i.test(method)) throw new Error(`no such method: ${method}`)
  const timeout = callback.timeoutSeconds * 1_000
  const { headers: authorisation, cookies } = await authorise(auth, timeout)
  for (const body of bodiesOf(results, output, callback)) {
    if (!watch.isKnown()) return
    watch.called()
    const headers = {
      ...cookies,
      ...authorisation,
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(body === undefined && method !== 'GET' ? { 'content-length': '0' } : {}),
      ...lowerCased(extraHeaders),
    }
    await call({ method, url, headers, timeout, ...(body === undefined ? {} : { body: body.text }) })
  }
  if (auth.type === 'odoo') {
    const logout = auth.authUrl.replace(/\/+$/, '').replace(/[^/]+$/, 'logout')
    await callFollowing({
      method: 'GET',
      url: logout,
      headers: { ...lowerCased(auth.extraHeaders), ...cookies },
      timeout,
    })
  }
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function bodiesOf(results: readonly unknown[], output: 'json' | 'csv', callback: CallbackProperties): Body[] {
  if (output === 'csv') {
    const boundary = randomBytes(16).toString('hex')
    const name = callback.requestFileName
    const disposition = `Content-Disposition: form-data; name="${name}"; filename="${name}"`
    const text = `--${boundary}\r\n${disposition}\r\n\r\n${pythonCsv(results, '\n')}\r\n--${boundary}--\r\n`
    return [{ type: `multipart/form-data; boundary=${boundary}`, text }]
  }
  const json = (value: unknown): Body =>
    value === null ? undefined : { type: 'application/json', text: pythonJson(value) }
  return callback.callInBulk ? [json(results)] : results.map(json)
}

interface Authorised {
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: Readonly<Record<string, string>>
}

async function authorise(auth: CallbackAuth, timeout: number): Promise<Authorised> {
  switch (auth.type) {
    case 'none':
      return { headers: {}, cookies: {} }
    case 'staticBearer':
      return { headers: { authorization: `Bearer ${auth.token}` }, cookies: {} }
    case 'oauth':
      return { headers: { authorization: `Bearer ${await oauthToken(auth, timeout)}` }, cookies: {} }
    case 'odoo': {
      // Whether anybody was logged in is not looked at.
      const params = { db: auth.database, login: auth.username, password: auth.password }
      const answer = await call({
        method: 'GET',
        url: auth.authUrl,
        headers: { 'content-type': 'application/json', ...lowerCased(auth.extraHeaders) },
        body: pythonJson({ jsonrpc: '2.0', params }),
        timeout,
      })
      const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ')
      return { headers: {}, cookies: cookie === '' ? {} : { cookie } }
    }
  }
}

async function oauthToken(auth: Extract<CallbackAuth, { type: 'oauth' }>, timeout: number): Promise<string> {
  const client = { client_id: auth.clientId }
  const form =
    auth.username === ''
      ? { ...client, grant_type: 'client_credentials', client_secret: auth.clientSecret }
      : {
          username: auth.username,
          grant_type: 'password',
          password: auth.password,
          ...client,
          client_secret: auth.clientSecret,
        }
  const answer = await call({
    method: 'POST',
    url: auth.authUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...lowerCased(auth.extraHeaders) },
    body: new URLSearchParams(form).toString(),
    timeout,
  })
  const token = (JSON.parse(answer.body) as { access_token?: unknown }).access_token
  if (typeof token !== 'string') throw new Error('no access token')
  // When it ends is read from it, strictly: a part whose length is no multiple of four cannot be decoded.
  const payload = token.split('.')[1] ?? ''
  if (payload.length % 4 !== 0) throw new Error('Incorrect padding')
  JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))
  return token
}
