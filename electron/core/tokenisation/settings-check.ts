import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { Fault } from '../../../shared/contract/result.ts'
import type { ConnectorFinding } from '../../../shared/contract/tokenisation.ts'
import { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { check, filterSchemas, parse } from '../../../shared/rules/filter/index.ts'
import { isSendableField } from '../../../shared/rules/tokenisation/demographics.ts'
import { readProgram } from '../../../shared/rules/tokenisation/jq-program.ts'
import { findMapping, findPath, mappingKeys } from '../../../shared/rules/tokenisation/mapping.ts'
import { isLoopback } from '../http/connection.ts'

/** What the check needs to know of the office. */
export interface ConnectorSurroundings {
  readonly training: boolean
  readonly isNameTaken: (name: string) => boolean
  /** Whether sign-ins of registrants are kept as this type. */
  readonly isSubjectType: (type: string) => boolean
  readonly hasPassword: boolean
  /** Whether somebody outside can call, by who listens. */
  readonly canBeCalled: (receiver: 'office' | 'centre') => boolean
}

const { registrant } = filterSchemas(2)

const at = (
  path: string,
  code: ErrorCode,
  params: Fault['params'] = {},
  weight: ConnectorFinding['weight'] = 'error',
): ConnectorFinding => ({ path, code, params, weight })

/** Everything that is wrong or doubtful about a connector's settings but what jq says of its output format. */
export function checkConnector(input: unknown, surroundings: ConnectorSurroundings): ConnectorFinding[] {
  const parsed = ConnectorSettings.safeParse(input)
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, code }) => {
      const place = path.join('.')
      if (code === 'invalid_format' && /url/i.test(place)) return at(place, 'tokenisation.url-invalid')
      return at(place, code === 'too_small' ? 'tokenisation.value-needed' : 'tokenisation.bad-value')
    })
  }
  const settings = parsed.data
  return [
    ...(settings.name.trim() === '' ? [at('name', 'tokenisation.value-needed')] : []),
    ...(surroundings.isNameTaken(settings.name) ? [at('name', 'tokenisation.name-taken')] : []),
    ...checkUrl('mtsUrl', settings.mtsUrl, surroundings),
    ...checkMapping(settings),
    ...checkFields(settings),
    ...checkForbidden(settings),
    ...checkFilter(settings),
    ...checkSchedule(settings),
    ...(settings.vidType === settings.tokenType ? [at('tokenType', 'tokenisation.types-equal')] : []),
    ...(['vidType', 'tokenType'] as const).flatMap((field) =>
      surroundings.isSubjectType(settings[field]) ? [at(field, 'sign-in.subject-type-taken')] : [],
    ),
    ...checkCallback(settings, surroundings),
    ...(settings.kind === 'odk' ? checkForm(settings, surroundings) : []),
  ]
}

function checkUrl(path: string, text: string, { training }: ConnectorSurroundings): ConnectorFinding[] {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return [at(path, 'tokenisation.url-invalid')]
  if (url.username !== '' || url.password !== '') return [at(path, 'tokenisation.url-with-password')]
  if (training && !isLoopback(url.hostname)) return [at(path, 'tokenisation.url-outside-training')]
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return [at(path, 'tokenisation.url-not-encrypted')]
  return []
}

function checkMapping({ mapping: text, fields, kind }: ConnectorSettings): ConnectorFinding[] {
  const mapping = findMapping(text)
  if (mapping === undefined) return [at('mapping', 'tokenisation.mapping-invalid')]
  return mappingKeys(mapping).flatMap(({ fact, key }) => {
    const path = findPath(key)
    if (path === undefined) return [at('mapping', 'tokenisation.mapping-key-invalid', { fact, key })]
    const program = readProgram(key)
    if (program.forbidden.length > 0) return [at('mapping', 'tokenisation.mapping-key-invalid', { fact, key })]
    const isSent = key === 'vid' || fields.includes(key) || fact === 'phoneNumber' || fact === 'emailId'
    // What is not sent is a fault only where the seeder wants it.
    return kind === 'odk' || isSent ? [] : [at('mapping', 'tokenisation.mapping-unknown-field', { fact, key })]
  })
}

function checkFields({ fields, mapping: text, kind, outputFormat }: ConnectorSettings): ConnectorFinding[] {
  if (kind === 'odk') return []
  const mapping = findMapping(text)
  const used = new Set(mapping === undefined ? fields : mappingKeys(mapping).map(({ key }) => key))
  return fields.flatMap((field, index) => {
    const path = `fields.${index}`
    if (!isSendableField(field)) return [at(path, 'tokenisation.field-unknown', { field })]
    if (field === 'id' || used.has(field) || outputFormat.includes(`.${field}`)) return []
    return [at(path, 'tokenisation.field-unused', { field }, 'warning')]
  })
}

/** Asked here too, so that nothing forbidden stands in a provisioning file, where no jq runs. */
const checkForbidden = ({ outputFormat }: ConnectorSettings): ConnectorFinding[] =>
  readProgram(outputFormat).forbidden.map(({ word, offset, length }) => ({
    ...at('outputFormat', 'tokenisation.program-forbidden', { word }),
    offset,
    length,
  }))

function checkFilter({ filter, kind }: ConnectorSettings): ConnectorFinding[] {
  if (kind === 'odk') return []
  const parsed = parse(filter)
  const checked = parsed.ok ? check(parsed.domain, registrant) : parsed
  if (checked.ok) return []
  const { code, params, offset, length } = checked.error
  return [{ ...at('filter', code, params), offset, length }]
}

function checkSchedule({
  jobType,
  intervalMinutes,
  dailyAt,
  startDate,
  endDate,
}: ConnectorSettings): ConnectorFinding[] {
  const findings: ConnectorFinding[] = []
  if (jobType === 'recurring' && intervalMinutes === 0 && dailyAt === '') {
    findings.push(at('intervalMinutes', 'tokenisation.schedule-missing'))
  }
  if (startDate !== null && endDate !== null && startDate > endDate) {
    findings.push(at('endDate', 'tokenisation.dates-reversed'))
  }
  return findings
}

function checkCallback({ delivery, callback }: ConnectorSettings, { canBeCalled }: ConnectorSurroundings) {
  if (delivery !== 'callback') return []
  const { receiver, authType, username, database } = callback
  const findings: ConnectorFinding[] = []
  if (!canBeCalled(receiver)) {
    const code = receiver === 'office' ? 'tokenisation.cannot-be-called' : 'tokenisation.no-centre'
    findings.push(at('callback.receiver', code, {}, 'warning'))
  }
  if (authType === 'odoo' && username.trim() === '') {
    findings.push(at('callback.username', 'tokenisation.callback-user-missing'))
  }
  if (authType === 'odoo' && database.trim() === '') {
    findings.push(at('callback.database', 'tokenisation.value-needed'))
  }
  return findings
}

function checkForm({ odk }: ConnectorSettings, surroundings: ConnectorSurroundings): ConnectorFinding[] {
  const findings: ConnectorFinding[] = []
  const { baseUrl, odataUrl, projectId, formId, email } = odk
  if (baseUrl === '') findings.push(at('odk.baseUrl', 'tokenisation.value-needed'))
  else findings.push(...checkUrl('odk.baseUrl', baseUrl, surroundings))
  if (odataUrl !== '') findings.push(...checkUrl('odk.odataUrl', odataUrl, surroundings))
  if (odataUrl === '' && (projectId === '' || formId === ''))
    findings.push(at('odk.formId', 'tokenisation.form-unknown'))
  if (email.trim() === '') findings.push(at('odk.email', 'tokenisation.value-needed'))
  if (!surroundings.hasPassword) findings.push(at('odk.password', 'tokenisation.password-missing', {}, 'warning'))
  for (const [index, { path }] of odk.mapping.entries()) {
    if (findPath(path) === undefined) findings.push(at(`odk.mapping.${index}.path`, 'tokenisation.bad-value'))
  }
  return findings
}
