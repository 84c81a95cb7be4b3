import type { ConnectorFinding } from '../../../../shared/contract/tokenisation.ts'
import { readProgram } from '../../../../shared/rules/tokenisation/jq-program.ts'
import type { JqRunner } from './jq.ts'

/** Everything that is wrong or doubtful about an output format; nothing forbidden is ever run. */
export async function checkProgram(jq: JqRunner, program: string, path = 'outputFormat'): Promise<ConnectorFinding[]> {
  if (program.trim() === '') return []
  const { forbidden, newer } = readProgram(program)
  if (forbidden.length > 0) {
    return forbidden.map(({ word, offset, length }) => ({
      path,
      weight: 'error',
      code: 'tokenisation.program-forbidden',
      params: { word },
      offset,
      length,
    }))
  }
  const fault = await jq.findFault(program)
  if (fault !== undefined) {
    return [{ path, weight: 'error', code: 'tokenisation.program-invalid', params: { text: fault } }]
  }
  const warnings = newer.map(
    ({ word, offset, length }): ConnectorFinding => ({
      path,
      weight: 'warning',
      code: 'tokenisation.program-newer',
      params: { word },
      offset,
      length,
    }),
  )
  const saysStatus = /\.output\s*(?:\.\s*(?:status|token|errorCode)\b|$|[|,)\]}])/.test(program)
  return saysStatus
    ? warnings
    : [...warnings, { path, weight: 'warning', code: 'tokenisation.program-no-status', params: {} }]
}
