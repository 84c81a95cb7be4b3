import { describe, expect, it } from 'vitest'
import { ADMIN, LEILA, NOBODY, RECEIVER, rulesOf, SAMIR, STRANGER } from './rules.ts'

const write = rulesOf('inbox')

const call = {
  _id: 'call:installation-town:0190',
  cameAt: 1_790_000_000_000,
  caller: 'g2p-connect',
  owner: 'manager-1',
  path: '/on-disburse',
  method: 'POST',
  headers: {},
  body: 'e30=',
}

const routes = {
  _id: 'routes:installation-town',
  by: SAMIR.name,
  routes: [{ secretHash: 'a'.repeat(64), caller: 'g2p-connect', owner: 'manager-1' }],
}

describe('calls', () => {
  it('are put here by the receiver and stay as they came', () => {
    expect(write(call, null, RECEIVER)).toBeNull()
    expect(write({ ...call, body: '' }, call, RECEIVER)).toMatch(/^append-only/)
    for (const other of [SAMIR, STRANGER, NOBODY]) expect(write(call, null, other)).toMatch(/^role/)
  })

  it('are whole', () => {
    for (const name of ['caller', 'owner', 'path', 'method', 'body', 'headers', 'cameAt']) {
      expect(write({ ...call, [name]: undefined }, null, RECEIVER)).toMatch(/^field/)
    }
    expect(write({ ...call, body: 'a'.repeat(8_000_000) }, null, RECEIVER)).toMatch(/^size/)
  })

  it('are removed by the office that collected them', () => {
    const removed = { _id: call._id, _deleted: true }
    expect(write(removed, call, SAMIR)).toBeNull()
    expect(write(removed, call, ADMIN)).toBeNull()
    expect(write(removed, call, RECEIVER)).toMatch(/^deletion/)
    expect(write(removed, call, STRANGER)).toMatch(/^role/)
  })
})

describe('paths', () => {
  it('are told by an office in its own name, and changed by no other', () => {
    expect(write(routes)).toBeNull()
    expect(write({ ...routes, routes: [] }, routes)).toBeNull()
    expect(write(routes, null, LEILA)).toMatch(/^writer/)
    expect(write({ ...routes, by: LEILA.name }, routes, LEILA)).toMatch(/^writer/)
    expect(write({ ...routes, by: RECEIVER.name }, null, RECEIVER)).toMatch(/^role/)
    expect(write({ _id: routes._id, _deleted: true }, routes, LEILA)).toMatch(/^writer/)
    expect(write({ _id: routes._id, _deleted: true }, routes)).toBeNull()
  })

  it('hold no secret, only its hash', () => {
    const [path] = routes.routes
    expect(write({ ...routes, routes: [{ ...path, secretHash: 'the secret itself' }] })).toMatch(/^field/)
  })
})

it('nothing else lies here', () => {
  for (const _id of ['payment:p1', 'call:x', 'routes:a:b', 'district'])
    expect(write({ ...call, _id }, null, ADMIN)).toMatch(/^kind/)
})
