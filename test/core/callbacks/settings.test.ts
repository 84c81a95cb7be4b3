import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CallbackSettings } from '../../../shared/model/callback-settings.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'
import { managerSettings } from '../managers/settings.ts'
import { ADMIN_PIN, hire, newOffice, type OpenOffice } from '../open-office.ts'
import { freePort, post } from './post.ts'

interface Status {
  readonly settings: CallbackSettings
  readonly listening: { readonly state: string; readonly fault?: { readonly code: string } }
  readonly addresses: readonly string[]
  readonly base: string
  readonly hasCertificate: boolean
  readonly managers: readonly { readonly id: string; readonly pathSince: string | null }[]
}

let office: OpenOffice
let managerId: string
let settings: CallbackSettings

beforeEach(async () => {
  office = (await newOffice()).office
  const { keyId } = await office.get<{ keyId: string }>('managers.makeMessageKey', {
    purpose: 'signing',
    type: 'ed25519',
  })
  const manager = { id: null, basedOn: null, pin: ADMIN_PIN, settings: managerSettings(keyId), approvalsLost: 0 }
  managerId = (await office.get<{ id: string }>('managers.save', manager)).id
  settings = (await office.get<Status>('callbacks.status')).settings
})
afterEach(() => office.close())

const save = (change: Partial<CallbackSettings>, pin = ADMIN_PIN) => ({ settings: { ...settings, ...change }, pin })

test('it is off at first, and nobody is given an address', async () => {
  const status = await office.get<Status>('callbacks.status')
  expect(status).toMatchObject({
    settings: { on: false, bindAddress: '127.0.0.1' },
    listening: { state: 'off' },
    base: '',
  })
  expect(await office.codeOf('callbacks.renewPath', { managerId, pin: ADMIN_PIN })).toBe('callback.no-address')
})

test('only an administrator with the PIN changes anything', async () => {
  await hire(office, 'clerk', ['clerk', 'approver', 'auditor'], '605918')
  const { certificate, key } = makeCertificate({ name: 'x', for: ['127.0.0.1'] })
  const inputs: Record<string, unknown> = {
    'callbacks.save': save({ on: true }),
    'callbacks.setCertificate': { certificate, key, pin: ADMIN_PIN },
    'callbacks.setInboxPassword': { password: 'x', pin: ADMIN_PIN },
    'callbacks.renewPath': { managerId, pin: ADMIN_PIN },
  }
  for (const [path, input] of Object.entries(inputs)) {
    expect(await office.codeOf(path, input, 'clerk'), path).toBe('api.not-your-role')
    expect(await office.codeOf(path, input, 'nobody'), path).toBe('api.signed-out')
    expect(await office.codeOf(path, { ...(input as object), pin: '000000' }), path).toMatch(
      /^identity\.(wrong-pin|too-many-tries)$/,
    )
  }
  expect(await office.codeOf('callbacks.status', undefined, 'clerk')).toBe('fine')
})

test('on, it listens at an address that is seen once; renewed, only the new one works; off, none does', async () => {
  const port = await freePort()
  const on = await office.get<Status>('callbacks.save', save({ on: true, port }))
  expect(on).toMatchObject({ listening: { state: 'listening' }, base: `http://127.0.0.1:${port}` })
  const first = await office.get<{ address: string }>('callbacks.renewPath', { managerId, pin: ADMIN_PIN })
  expect((await post(first.address, '{"header":{}}')).status).toBe(200)
  const shown = JSON.stringify(await office.get('callbacks.status'))
  expect(shown).not.toContain(first.address.split('/').at(-1))
  const second = await office.get<{ address: string }>('callbacks.renewPath', { managerId, pin: ADMIN_PIN })
  expect((await post(first.address, '{"header":{}}')).status).toBe(404)
  expect((await post(`${second.address}/on-status`, '{"header":{}}')).status).toBe(200)
  await office.get('callbacks.save', save({ on: false, port }))
  await expect(post(second.address, '{"header":{}}')).rejects.toThrow()
})

test('a port that is taken is said, and the office goes on', async () => {
  const port = await freePort()
  const { createServer } = await import('node:net')
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  const status = await office.get<Status>('callbacks.save', save({ on: true, port }))
  expect(status.listening).toMatchObject({ state: 'failed', fault: { code: 'callback.port-taken' } })
  await new Promise((resolve) => other.close(resolve))
})

test('settings that cannot work are refused', async () => {
  expect(await office.codeOf('callbacks.save', save({ on: true, bindAddress: '192.0.2.1' }))).toBe(
    'callback.address-gone',
  )
  expect(await office.codeOf('callbacks.save', save({ on: true, tls: true }))).toBe('callback.certificate-missing')
  const inbox = { url: 'http://centre.example.org/inbox', user: '' }
  expect(await office.codeOf('callbacks.save', save({ inbox }))).toBe('callback.inbox-not-encrypted')
  const { certificate } = makeCertificate({ name: 'x', for: ['127.0.0.1'] })
  const { key } = makeCertificate({ name: 'y', for: ['127.0.0.1'] })
  const mixed = { certificate, key, pin: ADMIN_PIN }
  expect(await office.codeOf('callbacks.setCertificate', mixed)).toBe('callback.certificate-unusable')
})

test('what is secret is never shown again', async () => {
  const { certificate, key } = makeCertificate({ name: 'x', for: ['127.0.0.1'] })
  const set = await office.get<Status>('callbacks.setCertificate', { certificate, key, pin: ADMIN_PIN })
  expect(set.hasCertificate).toBe(true)
  await office.get('callbacks.setInboxPassword', { password: 'word of the inbox', pin: ADMIN_PIN })
  const audit = office.core.getOffice().store.sql('SELECT * FROM audit').all()
  const shown = JSON.stringify([await office.get('callbacks.status'), audit])
  expect(shown).not.toContain('PRIVATE KEY')
  expect(shown).not.toContain('word of the inbox')
})
