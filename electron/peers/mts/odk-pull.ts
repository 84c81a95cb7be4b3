import { crashed, MtsError } from './mts-error.ts'
import { call, type OutgoingAnswer } from './outgoing.ts'
import type { OdkConfig } from './request-check.ts'

const PULL_TIMEOUT = 60_000

/**
 * The submissions of a form, newest first: one page, whatever it says of another.
 *
 * @throws MtsError 400 for what is missing and for nothing found, 500 for what went wrong at Central, a wrong password included
 */
export async function pullSubmissions(odk: OdkConfig): Promise<readonly object[]> {
  const missing = (code: number, what: string): MtsError => new MtsError(400, `ATS-REQ-${code}`, `no ${what} provided`)
  if (odk.baseurl === '') throw missing(18, 'odk baseurl')
  if (odk.email === '') throw missing(19, 'email')
  if (odk.password === '') throw missing(20, 'password')
  if (odk.odataurl === '' && odk.projectid === '') throw missing(21, 'odk project id')
  if (odk.odataurl === '' && odk.formid === '') throw missing(22, 'odk form id')
  const session = read(
    await reach(`${odk.baseurl}/v1/sessions`, 'POST', {}, { email: odk.email, password: odk.password }),
  )
  if (typeof session.token !== 'string') throw crashed("'token'")
  const page = read(await reach(submissionsUrl(odk), 'GET', { authorization: `Bearer ${session.token}` }))
  const rows = Array.isArray(page.value) ? (page.value as object[]) : []
  if (rows.length === 0) throw new MtsError(400, 'ATS-REQ-23', 'no submissions found for odk pull')
  return rows
}

/** As given, with the dates appended where both are. */
function submissionsUrl({ baseurl, odataurl, projectid, formid, startdate, enddate }: OdkConfig): string {
  const url = odataurl === '' ? `${baseurl}/v1/projects/${projectid}/forms/${formid}.svc/Submissions` : odataurl
  if (startdate === '' || enddate === '') return url
  const filter = `__system/submissionDate ge ${startdate} and __system/submissionDate lt ${enddate}`
  return `${url}${url.includes('?') ? '&' : '?'}$filter=${encodeURI(filter)}`
}

async function reach(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: object,
): Promise<OutgoingAnswer> {
  if (!/^https?:\/\//.test(url)) throw crashed(`No connection adapters were found for '${url}'`)
  try {
    return await call({
      method,
      url,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      timeout: PULL_TIMEOUT,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    const { hostname, port, pathname, protocol } = new URL(url)
    const at = port === '' ? (protocol === 'https:' ? '443' : '80') : port
    throw crashed(
      `HTTPConnectionPool(host='${hostname}', port=${at}): Max retries exceeded with url: ${pathname} (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x0>: Failed to establish a new connection: [Errno 111] Connection refused'))`,
    )
  }
}

function read({ body }: OutgoingAnswer): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    throw crashed('Expecting value: line 1 column 1 (char 0)')
  }
}
