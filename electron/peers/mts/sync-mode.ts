import { crashed, invalid, MtsError, unprocessable } from './mts-error.ts'
import { defaultMapping, keepRecord } from './record.ts'
import type { MtsService } from './service.ts'

/**
 * Answers one record at once, as the service does in its synchronous mode: no identifier, a token or errors.
 *
 * @throws MtsError
 */
export async function answerAtOnce(
  service: MtsService,
  body: unknown,
): Promise<{ readonly status: number; readonly body: object }> {
  const request = (body as { request?: { authdata?: unknown } } | null)?.request
  if (typeof request !== 'object' || request === null) throw unprocessable('field required')
  const { authdata } = request
  if (authdata === null || authdata === undefined) {
    throw new MtsError(400, 'ATS-REQ-009', 'vid or its mapping not present')
  }
  if (Array.isArray(authdata) || typeof authdata !== 'object') throw unprocessable('value is not a valid dict')
  if ('callbackProperties' in request) throw invalid('delivery type is not supported')
  const record = await keepRecord(authdata, defaultMapping)
  if ('errorCode' in record) throw new MtsError(400, record.errorCode, record.errorMessage)
  if (service.ids.isUnreadable(record.asks.vid)) throw crashed('Expecting value: line 1 column 1 (char 0)')
  const { token, errorCode, errorMessage } = service.ids.ask(record.asks, service.options.language)
  const head = { id: 'mosip.token.seeder', version: '1.0', metadata: {}, responsetime: service.startedAt }
  const errors = splitErrors(errorCode, errorMessage)
  const response = token === null ? { authStatus: false } : { authStatus: true, authToken: token }
  return { status: 200, body: { ...head, errors, response } }
}

/** Here several errors are several again. */
function splitErrors(errorCode: string | null, errorMessage: string | null): object[] | null {
  if (errorCode === null || errorCode === 'ATS-REQ-100') return null
  if (errorCode !== 'ATS-REQ-103') return [{ errorCode, errorMessage }]
  return (errorMessage ?? '').split(/,(?=[A-Z]+-[A-Z]+-\d+::)/).map((one) => {
    const [code = '', message = ''] = one.split('::')
    return { errorCode: code, errorMessage: message }
  })
}
