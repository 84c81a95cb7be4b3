import { expect, test } from 'vitest'
import type { Connector } from '../../../../renderer/features/tokenisation/answers.ts'
import { draftOf, newDraft, partOf, partsOf } from '../../../../renderer/features/tokenisation/connector-draft.ts'
import { ConnectorSettings } from '../../../../shared/model/tokenisation.ts'
import { connectorPresets, usualConnector } from '../../../../shared/rules/tokenisation/defaults.ts'

const known = (settings: Partial<ConnectorSettings> = {}): Connector => ({
  ...usualConnector('registry'),
  name: 'Here',
  mtsUrl: 'https://seeder.example.org',
  ...settings,
  id: 'c1',
  state: 'started',
  changedAt: '',
  changedBy: '',
  runsHere: true,
  runsAt: 'i1',
  trusted: true,
  hasPassword: false,
  findings: [],
  usable: true,
  lastRun: null,
  nextRunAt: null,
})

test('every setting that an administrator decides has a place in the set-up of its kind', () => {
  for (const kind of ['registry', 'odk'] as const) {
    const parts = partsOf(kind)
    const foreign = kind === 'odk' ? ['filter', 'fields'] : ['odk']
    const names = Object.keys(ConnectorSettings.shape).filter((name) => name !== 'kind' && !foreign.includes(name))
    expect(names.filter((name) => !parts.includes(partOf(name)))).toEqual([])
  }
})

test('a finding deep in the settings is shown where its field stands', () => {
  expect(partOf('odk.mapping.0.path')).toBe('questions')
  expect(partOf('odk.formId')).toBe('form')
  expect(partOf('callback.extraHeaders.1.name')).toBe('delivery')
  expect(partOf('fields.3')).toBe('people')
})

test('what the core adds for the screens is not sent back to it', () => {
  const connector = known()
  expect(ConnectorSettings.strict().parse(draftOf(connector))).toEqual(draftOf(connector))
})

test.each(connectorPresets)(
  '$name begins where the connectors of the office are, and keeps its own kind and rhythm',
  ({ settings }) => {
    const form = known({
      kind: 'odk',
      odk: { ...usualConnector('odk').odk, baseUrl: 'https://forms.example.org', email: 'reader@example.org' },
    })
    const draft = newDraft(settings, [known(), form])
    expect(draft.mtsUrl).toBe('https://seeder.example.org')
    expect(draft.odk).toMatchObject({ baseUrl: 'https://forms.example.org', email: 'reader@example.org' })
    expect(draft.name).toBe('')
    const { mtsUrl, odk, ...own } = settings
    expect(draft).toMatchObject(own)
  },
)

test('the first connector of an office begins as its preset says', () => {
  expect(newDraft(usualConnector('odk'), [])).toEqual(usualConnector('odk'))
})
