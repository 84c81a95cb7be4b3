import { invalid, MtsError, unprocessable } from './mts-error.ts'
import { isReadable } from './output-format.ts'
import { defaultMapping, type Mapping } from './record.ts'

/*
 * What is asked of MTS, checked as the service checks it: first the declared form (422, every fault at once), then what the
 * values mean (400, the first fault).
 */

/** How results go back by calls. */
export interface CallbackProperties {
  readonly url: string
  readonly httpMethod: string
  readonly extraHeaders: Readonly<Record<string, string>>
  readonly timeoutSeconds: number
  readonly callInBulk: boolean
  readonly requestFileName: string
  readonly auth: CallbackAuth
}

export type CallbackAuth =
  | { readonly type: 'none' }
  | {
      readonly type: 'odoo'
      readonly authUrl: string
      readonly database: string
      readonly username: string
      readonly password: string
      readonly extraHeaders: Readonly<Record<string, string>>
    }
  | {
      readonly type: 'oauth'
      readonly authUrl: string
      readonly username: string
      readonly password: string
      readonly clientId: string
      readonly clientSecret: string
      readonly extraHeaders: Readonly<Record<string, string>>
    }
  | { readonly type: 'staticBearer'; readonly token: string }

export interface OdkConfig {
  readonly baseurl: string
  readonly odataurl: string
  readonly projectid: string
  readonly formid: string
  readonly email: string
  readonly password: string
  readonly startdate: string
  readonly enddate: string
}

/** A request that may be done. */
export interface AcceptedRequest {
  readonly output: 'json' | 'csv'
  readonly lang: string
  readonly mapping: Mapping
  /** A jq program; empty for `.output`. */
  readonly outputFormat: string
  /** Null for download. */
  readonly callback: CallbackProperties | null
  readonly authdata: readonly object[]
  readonly csvDelimiter: string
  readonly odk: OdkConfig | null
}

type Tree = Readonly<Record<string, unknown>>

/** What a service of this version does. */
export interface ServiceForm {
  /** Callbacks and output formatting exist since 1.1.0. */
  readonly hasCallbacks: boolean
  readonly language: string
}

/** Collects what the declared form forbids. */
class FormCheck {
  readonly faults: string[] = []

  text(tree: Tree, key: string, required: boolean, nullable = false): string {
    const value = tree[key]
    if (value === undefined) {
      if (required) this.faults.push('field required')
      return ''
    }
    if (value === null) {
      if (!nullable) this.faults.push('none is not an allowed value')
      return ''
    }
    if (typeof value === 'object') this.faults.push('str type expected')
    // Where a text is declared, other plain values are written out, as Python does.
    if (typeof value === 'boolean') return value ? 'True' : 'False'
    return String(value)
  }

  texts(tree: Tree, key: string, usual: readonly string[]): readonly string[] {
    const value = tree[key]
    if (value === undefined) return usual
    if (Array.isArray(value)) return value.map(String)
    this.faults.push('value is not a valid list')
    return usual
  }

  object(tree: Tree, key: string, required: boolean): Tree | undefined {
    const value = tree[key]
    if (value === undefined || value === null) {
      if (required) this.faults.push(value === null ? 'none is not an allowed value' : 'field required')
      return undefined
    }
    if (typeof value === 'object' && !Array.isArray(value)) return value as Tree
    this.faults.push('value is not a valid dict')
    return undefined
  }

  headers(tree: Tree): Readonly<Record<string, string>> {
    const given = this.object(tree, 'extraHeaders', false) ?? {}
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
  }
}

/**
 * Reads a request.
 *
 * @param kind which endpoint it came to; the records of `csv` and `odk` come from elsewhere
 * @throws MtsError 422, 400, 500
 */
export async function acceptRequest(
  body: unknown,
  kind: 'json' | 'csv' | 'odk',
  form: ServiceForm,
): Promise<AcceptedRequest> {
  const check = new FormCheck()
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unprocessable('value is not a valid dict')
  const envelope = body as Tree
  for (const name of ['id', 'version', 'metadata']) check.text(envelope, name, true)
  const requesttime = check.text(envelope, 'requesttime', true)
  const request = check.object(envelope, 'request', true)
  if (request === undefined) throw unprocessable(...check.faults)
  const output = check.text(request, 'output', true)
  const mapping = request.mapping === undefined ? defaultMapping : readMapping(check, request)
  const outputFormat = form.hasCallbacks ? check.text(request, 'outputFormat', false, true) : ''
  const lang = check.text(request, 'lang', false, true) || form.language
  const authdata = kind === 'json' ? readAuthdata(check, request) : []
  const callback = form.hasCallbacks ? readCallback(check, request) : undefined
  const odk = kind === 'odk' ? readOdk(check, request) : null
  if (check.faults.length > 0) throw unprocessable(...check.faults)

  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z$/.test(requesttime)) {
    throw invalid('requesttime is not in valid format')
  }
  if (output === '') throw invalid('output type is not mentioned')
  if (output !== 'json' && output !== 'csv') throw invalid('output type is not supported')
  if (request.deliverytype === undefined) throw new MtsError(500, 'ATS-REQ-100', "'deliverytype'")
  const isCallback = request.deliverytype === 'callback' && form.hasCallbacks
  if (!isCallback && request.deliverytype !== 'download') throw invalid('delivery type is not supported')
  if (isCallback) checkCallback(callback, request, output)
  if (outputFormat !== '' && !(await isReadable(outputFormat))) {
    throw new MtsError(400, 'ATS-REQ-103', 'outputFormat is not a valid jq expression')
  }
  if (kind === 'json' && authdata.length === 0) throw invalid('authdata missing')
  return {
    output,
    lang,
    mapping,
    outputFormat,
    callback: isCallback ? (callback ?? null) : null,
    authdata,
    csvDelimiter: typeof request.csvDelimiter === 'string' ? request.csvDelimiter : ',',
    odk: odk ?? null,
  }
}

function readMapping(check: FormCheck, request: Tree): Mapping {
  const given = check.object(request, 'mapping', true) ?? {}
  const one = (key: 'vid' | 'gender' | 'dob' | 'phoneNumber' | 'emailId'): string =>
    check.text(given, key, false) || defaultMapping[key]
  return {
    vid: one('vid'),
    name: check.texts(given, 'name', defaultMapping.name),
    gender: one('gender'),
    dob: one('dob'),
    phoneNumber: one('phoneNumber'),
    emailId: one('emailId'),
    fullAddress: check.texts(given, 'fullAddress', defaultMapping.fullAddress),
  }
}

function readAuthdata(check: FormCheck, request: Tree): readonly object[] {
  const { authdata } = request
  if (authdata === undefined || authdata === null) return []
  if (!Array.isArray(authdata)) {
    check.faults.push('value is not a valid list')
    return []
  }
  const records = authdata.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
  for (let wrong = records.length; wrong < authdata.length; wrong += 1) check.faults.push('value is not a valid dict')
  return records as object[]
}

function readCallback(check: FormCheck, request: Tree): CallbackProperties | undefined {
  const given = check.object(request, 'callbackProperties', false)
  if (given === undefined) return undefined
  const url = check.text(given, 'url', true)
  if (url !== '' && !/^https?:\/\//.test(url)) check.faults.push('invalid or missing URL scheme')
  return {
    url,
    httpMethod: given.httpMethod === undefined ? 'POST' : check.text(given, 'httpMethod', false, true),
    extraHeaders: check.headers(given),
    timeoutSeconds: typeof given.timeoutSeconds === 'number' ? given.timeoutSeconds : 10,
    callInBulk: given.callInBulk === true,
    requestFileName: check.text(given, 'requestFileName', false, true),
    auth: readAuth(check, given),
  }
}

function readAuth(check: FormCheck, given: Tree): CallbackAuth {
  const odoo = check.object(given, 'authOdoo', false)
  const oauth = check.object(given, 'authOauth', false)
  const bearer = check.object(given, 'authStaticBearer', false)
  const read = (tree: Tree, key: string, required: boolean): string => check.text(tree, key, required)
  if (given.authType === 'odoo' && odoo !== undefined) {
    return {
      type: 'odoo',
      authUrl: read(odoo, 'authUrl', true),
      database: read(odoo, 'database', true),
      username: read(odoo, 'username', true),
      password: read(odoo, 'password', true),
      extraHeaders: check.headers(odoo),
    }
  }
  if (given.authType === 'oauth' && oauth !== undefined) {
    return {
      type: 'oauth',
      authUrl: read(oauth, 'authUrl', false),
      username: read(oauth, 'username', false),
      password: read(oauth, 'password', false),
      clientId: read(oauth, 'clientId', false),
      clientSecret: read(oauth, 'clientSecret', false),
      extraHeaders: check.headers(oauth),
    }
  }
  if (given.authType === 'staticBearer' && bearer !== undefined) {
    return { type: 'staticBearer', token: read(bearer, 'token', true) }
  }
  return { type: 'none' }
}

function checkCallback(callback: CallbackProperties | undefined, request: Tree, output: string): void {
  const refused = (code: string, message: string): MtsError => new MtsError(400, code, message)
  if (callback === undefined) {
    throw refused('ATS-REQ-024', 'callbackProperties cannot be empty for deliverytype callback')
  }
  if (output === 'csv' && callback.requestFileName === '') {
    throw refused('ATS-REQ-025', 'requestFileName is not valid in callbackProperties')
  }
  if (output === 'csv' && !callback.callInBulk) {
    throw refused('ATS-REQ-026', 'callInBulk cannot be false for csv output')
  }
  const asked = (request.callbackProperties as Tree).authType
  if (asked !== undefined && !['none', 'odoo', 'oauth', 'staticBearer'].some((known) => known === asked)) {
    throw refused('ATS-REQ-027', 'unsupported authType in CallbackProperties')
  }
  const { auth } = callback
  if (asked === 'odoo' && auth.type !== 'odoo') {
    throw refused('ATS-REQ-028', 'authOdoo cannot be empty for authType odoo')
  }
  if (asked === 'oauth' && auth.type !== 'oauth') {
    throw refused('ATS-REQ-029', 'authOauth cannot be empty for authType oauth')
  }
  if (asked === 'staticBearer' && auth.type !== 'staticBearer') {
    throw refused('ATS-REQ-030', 'authStaticBearer cannot be empty for authType staticBearer')
  }
  if (auth.type === 'odoo') {
    const empty = (name: string): string => `${name} in authOdoo, cannot be empty for authType odoo`
    if (auth.authUrl === '') throw refused('ATS-REQ-031', empty('authUrl'))
    if (auth.username === '') throw refused('ATS-REQ-032', empty('username'))
    if (auth.database === '') throw refused('ATS-REQ-033', empty('database'))
  }
  if (auth.type === 'staticBearer' && auth.token === '') {
    throw refused('ATS-REQ-034', 'token in authStaticBearer cannot be empty for authType staticBearer')
  }
}

function readOdk(check: FormCheck, request: Tree): OdkConfig | undefined {
  const given = check.object(request, 'odkconfig', true)
  if (given === undefined) return undefined
  const read = (key: keyof OdkConfig): string => check.text(given, key, false, true)
  return {
    baseurl: read('baseurl'),
    odataurl: read('odataurl'),
    projectid: read('projectid'),
    formid: read('formid'),
    email: read('email'),
    password: read('password'),
    startdate: read('startdate'),
    enddate: read('enddate'),
  }
}
