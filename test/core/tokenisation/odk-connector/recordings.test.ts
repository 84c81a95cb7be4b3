import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttp, type Http } from '../../../../electron/core/http/http.ts'
import { CentralClient } from '../../../../electron/core/tokenisation/odk-connector/central-client.ts'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { usualConnector } from '../../../../shared/rules/tokenisation/defaults.ts'
import { addressOf } from '../../../../shared/rules/tokenisation/form-address.ts'
import { findNames, newestOf, readSubmission } from '../../../../shared/rules/tokenisation/submission.ts'
import { describeRecordings, type Json } from '../../../peers/transcripts.ts'
import { type AnsweringServer, startAnsweringServer } from '../answering-server.ts'

let http: Http
let server: AnsweringServer

beforeAll(async () => {
  http = createHttp()
  server = await startAnsweringServer()
})
afterAll(async () => {
  http.close()
  await server.close()
})

/** What each refusal comes to, by Central's own code. */
const FAULTS: Readonly<Record<string, string>> = {
  '401.2': 'odk.wrong-password',
  '401.3': 'odk.wrong-password',
  '403.1': 'odk.no-right',
  '404.1': 'odk.unknown-form',
  '400.18': 'odk.question-refused',
  '400.35': 'odk.question-refused',
  '501.5': 'odk.question-refused',
  '501.11': 'odk.question-refused',
}

for (const version of ['2024.2.0', '2026.2.2']) {
  describeRecordings(`odk/transcripts/central-v${version}.json`, (exchanges) => {
    const reads = exchanges.filter(({ request }) => request.method === 'GET' && request.path.includes('.svc'))
    const refused = reads.filter(({ response }) => response.status >= 400)
    const pages = reads.filter(({ request, response }) => {
      return response.status === 200 && /\/Submissions(\?|$)/.test(request.path) && !request.path.includes('$select')
    })

    test.each(refused.map((exchange) => [exchange.name, exchange] as const))(
      '%s has its sentence',
      async (_, { response }) => {
        const client = new CentralClient(http, server.origin, { email: 'a@example.org', password: 'b' })
        server.answer({ status: 200, json: { token: 'token' } })
        const form = addressOf(server.origin, '1', 'form')
        // The log-in is answered first, then the question as it was then.
        const asked = client.forms().catch(() => undefined)
        await asked
        server.answer(response)
        const code = await client.firstPage(form, '', 1).then(
          () => 'fine',
          (error: unknown) => (error instanceof OfficeError ? error.fault.code : String(error)),
        )
        expect(code).toBe(FAULTS[String((response.json as Json).code)])
      },
    )

    test.each(pages.map((exchange) => [exchange.name, exchange] as const))(
      '%s is read row by row',
      async (_, { response }) => {
        const client = new CentralClient(http, server.origin, { email: 'a@example.org', password: 'b' })
        server.answer({ status: 200, json: { token: 'token' } })
        await client.forms().catch(() => undefined)
        server.answer(response)
        const { rows, next } = await client.firstPage(addressOf(server.origin, '1', 'form'), '', 10)
        const then = response.json as { value: Json[]; '@odata.nextLink'?: string }
        expect(rows).toHaveLength(then.value.length)
        expect(next).toBe(then['@odata.nextLink'] ?? null)
        const { odk } = usualConnector('odk')
        const read = rows.map((row) => {
          const names = findNames(row)
          if (names === undefined) throw new Error('no names')
          return { names, person: readSubmission(row, names, odk) }
        })
        for (const [index, { names, person }] of read.entries()) {
          const row = then.value[index] as { __id: string; meta: Json; identity: Json; __system: Json }
          expect(names).toMatchObject({ submissionId: row.__id, instanceId: row.meta.instanceID })
          expect(person.facts).toMatchObject({
            name: row.identity.full_name,
            gender: row.identity.gender,
            birthdate: row.identity.dob,
          })
          expect(person.vid).toBe(row.identity.vid)
          expect(person.consent).toBe('given')
        }
        const moments = then.value.flatMap((row) => {
          const { submissionDate, updatedAt } = row.__system as { submissionDate: string; updatedAt: string | null }
          return updatedAt === null ? [submissionDate] : [submissionDate, updatedAt]
        })
        expect(newestOf(read.map(({ names }) => names))).toBe([...moments].sort().at(-1) ?? null)
      },
    )
  })
}
