import type { ConnectorKind, ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import type { Connector } from './answers.ts'

/** A part of a connector's settings, which is a step of the set-up and a sheet of its page. */
export const partNames = ['seeder', 'form', 'questions', 'people', 'message', 'delivery', 'schedule'] as const
export type PartName = (typeof partNames)[number]

/** The parts that a kind of connector has, in the order in which they are set. */
export const partsOf = (kind: ConnectorKind): readonly PartName[] =>
  partNames.filter((part) => (kind === 'odk' ? part !== 'people' : part !== 'form' && part !== 'questions'))

const places: Readonly<Record<string, PartName>> = {
  name: 'seeder',
  mtsUrl: 'seeder',
  language: 'seeder',
  vidType: 'seeder',
  tokenType: 'seeder',
  'odk.mapping': 'questions',
  'odk.consentAnswers': 'questions',
  'odk.matching': 'questions',
  odk: 'form',
  filter: 'people',
  fields: 'people',
  mapping: 'message',
  outputFormat: 'message',
  outputType: 'message',
  delivery: 'delivery',
  callback: 'delivery',
  jobType: 'schedule',
  intervalMinutes: 'schedule',
  dailyAt: 'schedule',
  startDate: 'schedule',
  endDate: 'schedule',
  chunkSize: 'schedule',
  answerDeadlineMinutes: 'schedule',
}

/** Where a finding's path is shown. */
export function partOf(path: string): PartName {
  const [first = '', second = ''] = path.split('.')
  return places[`${first}.${second}`] ?? places[first] ?? 'seeder'
}

/** The settings of a known connector, without what the core adds for the screens. */
export function draftOf(connector: Connector): ConnectorSettings {
  const {
    id,
    state,
    changedAt,
    changedBy,
    runsHere,
    runsAt,
    trusted,
    hasPassword,
    findings,
    usable,
    lastRun,
    nextRunAt,
    ...settings
  } = connector
  return settings
}

/** A preset as it suits this office: the seeder, and the types of numbers, that the connectors here work with already. */
export function newDraft(preset: ConnectorSettings, known: readonly Connector[]): ConnectorSettings {
  const [like] = known
  if (like === undefined) return preset
  const { mtsUrl, vidType, tokenType, language } = like
  const form = known.find(({ kind }) => kind === 'odk')
  const odk = form === undefined ? preset.odk : { ...preset.odk, baseUrl: form.odk.baseUrl, email: form.odk.email }
  return { ...preset, mtsUrl, vidType, tokenType, language, odk }
}
