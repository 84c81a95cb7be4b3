import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConnectorFinding, ConnectorView, Trial } from '../../../shared/contract/tokenisation.ts'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { connectorPresets } from '../../../shared/rules/tokenisation/defaults.ts'
import { ADMIN_PIN, hire, newOffice, type OpenOffice } from '../open-office.ts'
import { connectorSettings } from './settings.ts'

let office: OpenOffice

beforeEach(async () => {
  office = (await newOffice()).office
})
afterEach(() => office.close())

const create = (change: Partial<ConnectorSettings> = {}) => ({
  id: null,
  basedOn: null,
  pin: ADMIN_PIN,
  settings: connectorSettings(change),
  runsHere: true,
})
const preview = (change: object) =>
  office.get<ConnectorFinding[]>('tokenisation.connectors.preview', {
    id: null,
    settings: { ...connectorSettings(), ...change },
  })
const found = async (change: object) => (await preview(change)).map(({ path, code }) => `${path} ${code}`)

test('a connector is kept signed, listed without secrets, and can be started', async () => {
  const made = await office.get<ConnectorView>('tokenisation.connectors.save', create())
  expect(made).toMatchObject({ trusted: true, usable: true, runsHere: true, state: 'draft', findings: [] })
  expect(made).not.toHaveProperty('signature')
  expect(await office.get('tokenisation.connectors.list')).toEqual([made])
  const started = await office.get<ConnectorView>('tokenisation.connectors.start', { id: made.id })
  expect(started).toMatchObject({ state: 'started', trusted: true })
  const stopped = await office.get<ConnectorView>('tokenisation.connectors.stop', { id: made.id })
  expect(stopped.state).toBe('stopped')
  await office.get('tokenisation.connectors.remove', { id: made.id, basedOn: stopped.changedAt, pin: ADMIN_PIN })
  expect(await office.get('tokenisation.connectors.list')).toEqual([])
})

test('whoever swaps the address without an administrator is not believed', async () => {
  const made = await office.get<ConnectorView>('tokenisation.connectors.save', create())
  const { store } = office.core.getOffice()
  store.transaction('thief', (tx) => {
    const { changedAt, changedBy, ...before } = tx.get('connector', made.id)
    tx.put('connector', { ...before, mtsUrl: 'https://thief.example.org' })
    tx.audit({ action: 'connector.changed', subjectKind: 'connector', subjectId: made.id })
  })
  const [listed] = await office.get<ConnectorView[]>('tokenisation.connectors.list')
  expect(listed).toMatchObject({ trusted: false, usable: false })
  expect(await office.codeOf('tokenisation.connectors.start', { id: made.id })).toBe('tokenisation.untrusted')
})

test('among several offices only the one that took it on runs it; a sole one needs not be named', async () => {
  const { store } = office.core.getOffice()
  store.housekeeping((_, mark) => mark('sole-office', '0'))
  const made = await office.get<ConnectorView>('tokenisation.connectors.save', { ...create(), runsHere: false })
  expect(made).toMatchObject({ runsHere: false, usable: false })
  expect(await office.codeOf('tokenisation.connectors.start', { id: made.id })).toBe('tokenisation.runs-elsewhere')
  store.housekeeping((_, mark) => mark('sole-office', '1'))
  expect(await office.get('tokenisation.connectors.get', { id: made.id })).toMatchObject({
    runsHere: true,
    usable: true,
  })
})

test('a clerk sees connectors and cannot change them', async () => {
  const { id, changedAt } = await office.get<ConnectorView>('tokenisation.connectors.save', create())
  await hire(office, 'clerk', ['clerk', 'approver', 'auditor'], '605918')
  const inputs: Record<string, unknown> = {
    save: { ...create({ name: 'Other' }), pin: '605918' },
    start: { id },
    stop: { id },
    remove: { id, basedOn: changedAt, pin: '605918' },
    setPassword: { id, password: 'x' },
    preview: { id: null, settings: {} },
    checkProgram: { program: '.' },
    tryWithThree: { settings: connectorSettings() },
  }
  for (const [name, input] of Object.entries(inputs)) {
    expect(await office.codeOf(`tokenisation.connectors.${name}`, input, 'clerk'), name).toBe('api.not-your-role')
  }
  expect(await office.codeOf('tokenisation.connectors.list', undefined, 'clerk')).toBe('fine')
})

test('the settings that come out of the box work but for name and address', async () => {
  for (const { name, settings } of connectorPresets.filter((preset) => preset.settings.kind === 'registry')) {
    const findings = await preview({ ...settings, name: 'Mine', mtsUrl: 'https://seeder.example.org' })
    expect(
      findings.filter(({ weight }) => weight === 'error'),
      name,
    ).toEqual([])
  }
})

test('settings are refused, each where it is wrong', async () => {
  expect(await found({ mtsUrl: 'http://seeder.example.org' })).toEqual(['mtsUrl tokenisation.url-not-encrypted'])
  expect(await found({ mtsUrl: 'https://a:b@seeder.example.org' })).toEqual(['mtsUrl tokenisation.url-with-password'])
  expect(await found({ mapping: '{' })).toEqual(['mapping tokenisation.mapping-invalid'])
  expect(await found({ mapping: '{"vidd": "vid"}' })).toEqual(['mapping tokenisation.mapping-invalid'])
  // As the original came: fields of one kind, mapping of another.
  expect(await found({ mapping: '{}' })).toContain('mapping tokenisation.mapping-unknown-field')
  expect(await found({ fields: [...connectorSettings().fields, 'income'] })).toEqual([
    'fields.10 tokenisation.field-unknown',
  ])
  expect(await found({ filter: "[('nose', '=', 1)]" })).toEqual(['filter filter.unknown-field'])
  expect(await found({ intervalMinutes: 0 })).toEqual(['intervalMinutes tokenisation.schedule-missing'])
  expect(await found({ tokenType: 'MOSIP VID' })).toEqual(['tokenType tokenisation.types-equal'])
  expect(await found({ outputFormat: '{"a": $ENV}' })).toEqual(['outputFormat tokenisation.program-forbidden'])
  expect(await found({ outputFormat: '.output | nosuchthing' })).toEqual(['outputFormat tokenisation.program-invalid'])
  expect(await found({ outputFormat: '.output.status) | (.' })).toEqual(['outputFormat tokenisation.program-invalid'])
  expect(await found({ outputFormat: '.output.token | trim' })).toEqual(['outputFormat tokenisation.program-newer'])
})

test('a password goes into the vault and never comes out', async () => {
  const { id } = await office.get<ConnectorView>('tokenisation.connectors.save', create())
  const view = await office.get<ConnectorView>('tokenisation.connectors.setPassword', { id, password: 'secret-word' })
  expect(view.hasPassword).toBe(true)
  expect(JSON.stringify(await office.get('tokenisation.connectors.list'))).not.toContain('secret-word')
})

test('an endless output format is ended and the next one still runs', async () => {
  const { tokenisation } = office.core.getOffice()
  await expect(tokenisation.jq.run('[range(0; 1e12)] | length', [1])).rejects.toThrow('tokenisation.program-too-slow')
  expect(await tokenisation.jq.run('.a', [{ a: 1 }, 5])).toEqual([1, null])
}, 120_000)

test('an empty registry is tried without anybody, and all lists answer', async () => {
  const trial = await office.get<Trial>('tokenisation.connectors.tryWithThree', { settings: connectorSettings() })
  expect(trial).toMatchObject({ people: [], fault: null })
  expect(trial.program).toContain('g2pRef')
  expect(await office.get('tokenisation.runs', { connectorId: null, limit: 20 })).toEqual([])
  const page = { rows: [], total: 0, next: null }
  const all = { state: null, class: null, after: null, limit: 20 }
  expect(await office.get('tokenisation.items', { runId: null, ...all })).toEqual(page)
  expect(await office.get('tokenisation.toCorrect', { class: null, after: null, limit: 20 })).toEqual({
    ...page,
    classes: {},
  })
  expect(await office.get('tokenisation.coverage')).toMatchObject({ people: 0, tokenised: 0, days: [], areas: [] })
  expect(await office.get('tokenisation.duplicates', { open: true })).toEqual([])
  expect(await office.get('tokenisation.consents.list', { state: 'any', after: null, limit: 20 })).toEqual(page)
})
