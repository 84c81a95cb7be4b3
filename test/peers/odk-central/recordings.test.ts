import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentralPeer, startCentralPeer } from '../../../electron/peers/odk-central/central-peer.ts'
import type { CentralOrder } from '../../../electron/peers/odk-central/peer-options.ts'
import { describeRecordings, type Exchange, type Json } from '../transcripts.ts'
import { centralOptions, FORM, filled, JOSEPH, READER, recordedId, recordedSubmissions } from './household-form.ts'

/** What changes Central is done through its own control here: forms and submissions are no XForms, accounts are given. */
const leftOut: Readonly<Record<string, string>> = {
  'project-create': 'projects are given to the peer when it starts',
  'form-create-publish': 'forms are given to the peer when it starts, not as XForms',
  'submission-duplicate': 'submissions are given to the peer by its control, not as XForms',
  'odata-metadata': 'the description in XML is not asked for by anybody here',
  'app-user-create': 'accounts are given to the peer by its control',
  'app-user-assign': 'accounts are given to the peer by its control',
  'user-create': 'accounts are given to the peer by its control',
  roles: 'roles are given to the peer by its control',
  users: 'accounts are given to the peer by its control',
}

/** What the recording did in between, told to the peer. */
function change({ name, response }: Exchange): CentralOrder | undefined {
  const json = (response.json ?? {}) as Json
  const which = { form: FORM, at: String(json.updatedAt ?? '') }
  switch (name) {
    case 'grant-viewer':
      return { grant: { email: READER.email, project: 1 } }
    case 'edit':
      return {
        edit: [
          {
            ...which,
            id: recordedId(2),
            instanceId: 'uuid:2222aaaa-2222-4222-8222-222222222222',
            data: filled({ ...JOSEPH, street: '9 New Street' }),
          },
        ],
      }
    case 'review-approve':
      return { review: [{ ...which, id: recordedId(1), state: 'approved' }] }
    case 'submission-delete':
      return { remove: [{ form: FORM, id: recordedId(3) }] }
  }
  return undefined
}

/** What differs from server to server and from day to day. */
const volatile = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/"__id":"[0-9a-f]{40}"/g, '"__id":"-"')
      .replace(/"(createdAt|expiresAt|publishedAt|deletedAt)":"[^"]*"/g, '"$1":"-"')
      .replace(/"(token|csrf)":"[^"]*"/g, '"$1":"-"'),
  )

/** What the peer does not tell of a form. */
const untoldOfForm = ['hash', 'sha', 'sha256', 'webformsEnabled', 'createdBy', 'publishNotes', 'publicLinks']

for (const version of ['2024.2.0', '2026.2.2']) {
  describeRecordings(`odk/transcripts/central-v${version}.json`, (exchanges) => {
    let central: CentralPeer
    let token = ''
    let readerToken = ''
    const etags = new Map<string, string>()
    const dates = [1, 2, 3, 4].map((at) => {
      const created = exchanges.find(({ name }) => name === `submission-create-${at}`)?.response.json as Json
      return String(created.createdAt)
    })

    beforeAll(async () => {
      central = await startCentralPeer({
        ...centralOptions,
        users: [
          { email: 'admin@example.org', password: 'OdkTest-2024!', projects: [1] },
          { ...READER, projects: [] },
        ],
        version,
        domain: 'http://odk.test',
        submissions: recordedSubmissions(dates),
      })
    })
    afterAll(() => central.close())

    const authorization = ({ name, request }: Exchange): string | undefined => {
      if (name === 'no-auth' || request.headers?.Authorization === undefined) return undefined
      if (name === 'bad-token') return 'Bearer nobody'
      if (name.startsWith('basic-')) {
        return `Basic ${Buffer.from('admin@example.org:OdkTest-2024!').toString('base64')}`
      }
      return `Bearer ${name.startsWith('reader-') ? readerToken : token}`
    }

    for (const exchange of exchanges) {
      const { name, request, response } = exchange
      if (name.startsWith('submission-create')) continue
      const reason = leftOut[name]
      if (reason !== undefined) {
        test.skip(`${name} (left out: ${reason})`)
        continue
      }
      test(name, async () => {
        const order = change(exchange)
        if (order !== undefined) return central.obey(order)
        const authorized = authorization(exchange)
        const tag = request.headers?.['If-None-Match'] === undefined ? undefined : etags.get(request.path)
        const path = request.path.replace('%3Ctoken%3E', '<token>').replace('<token>', encodeURIComponent(readerToken))
        const answer = await fetch(central.origin + path, {
          method: request.method,
          headers: {
            ...(authorized === undefined ? {} : { authorization: authorized }),
            ...(tag === undefined ? {} : { 'if-none-match': tag }),
            ...(request.headers?.['X-Forwarded-Proto'] === undefined ? {} : { 'x-forwarded-proto': 'https' }),
            ...(request.headers?.['X-Extended-Metadata'] === undefined ? {} : { 'x-extended-metadata': 'true' }),
          },
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        })
        const text = await answer.text()
        expect(answer.status, text).toBe(response.status)
        for (const [header, value] of Object.entries(response.headers ?? {})) {
          expect(answer.headers.get(header), header).toBe(value)
        }
        const etag = answer.headers.get('etag')
        if (etag !== null) etags.set(request.path, etag)
        if (response.json === undefined) return
        const now = JSON.parse(text) as Json
        if (name === 'form') {
          const then = Object.entries(response.json as Json).filter(([key]) => !untoldOfForm.includes(key))
          expect(volatile(now)).toMatchObject(volatile(Object.fromEntries(then)) as object)
        } else expect(volatile(now)).toEqual(volatile(response.json))
        if (name === 'session-create') token = String(now.token)
        if (name === 'reader-session') readerToken = String(now.token)
      })
    }
  })
}
