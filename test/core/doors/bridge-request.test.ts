import { describe, expect, it } from 'vitest'
import { findBridgeRequest } from '../../../electron/core/doors/bridge-request.ts'

describe('findBridgeRequest', () => {
  it.each([
    { kind: 'call', id: 0, path: 'registrants.list', input: { page: 1 } },
    { kind: 'subscribe', id: 7, path: 'replica.changes', input: null },
    { kind: 'cancel', id: 7 },
  ])('takes $kind', (request) => {
    expect(findBridgeRequest(JSON.stringify(request))).toEqual(request)
  })

  it('takes a call without input, as JSON leaves an undefined member out', () => {
    expect(findBridgeRequest('{"kind":"call","id":1,"path":"session.signOut"}')).toMatchObject({
      path: 'session.signOut',
    })
  })

  it.each([
    'nonsense',
    '',
    'null',
    '[]',
    '{"kind":"call","id":1}',
    '{"kind":"call","id":-1,"path":"a.b","input":null}',
    '{"kind":"call","id":1.5,"path":"a.b","input":null}',
    '{"kind":"call","id":"1","path":"a.b","input":null}',
    '{"kind":"call","id":1,"path":"../a","input":null}',
    '{"kind":"call","id":1,"path":"__proto__.a","input":null}',
    `{"kind":"call","id":1,"path":"${'a'.repeat(300)}","input":null}`,
    '{"kind":"call","id":1,"path":"a.b","input":null,"client":"other"}',
    '{"kind":"result","id":1,"result":{"ok":true}}',
  ])('refuses %s', (text) => {
    expect(findBridgeRequest(text)).toBeUndefined()
  })
})
