import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { partNames } from '../../../../renderer/features/tokenisation/connector-draft.ts'
import { submissionStates } from '../../../../shared/contract/odk.ts'
import { runStates } from '../../../../shared/contract/tokenisation.ts'
import {
  CallbackAuthentication,
  ConnectorKind,
  ConnectorSettings,
  ConsentWay,
  MatchingRule,
  ReviewState,
  SubmissionTarget,
} from '../../../../shared/model/tokenisation.ts'
import { outcomeClasses } from '../../../../shared/rules/tokenisation/answer-class.ts'
import { connectorPresets } from '../../../../shared/rules/tokenisation/defaults.ts'
import { localReasons, sendableFields } from '../../../../shared/rules/tokenisation/demographics.ts'

type Tree = { readonly [key: string]: Tree | string }

const words: Tree = JSON.parse(readFileSync('renderer/i18n/en/tokenisation.json', 'utf8'))
const at = (path: string): unknown =>
  path.split('.').reduce<unknown>((tree, key) => (tree as Tree | undefined)?.[key], words)

/* Keys that screens put together from what the core may say; the other tests see only keys that stand in full. */
test.each<[string, readonly string[]]>([
  ['classes', outcomeClasses],
  ['outcomes', outcomeClasses],
  ['reasons', localReasons],
  ['sendable', sendableFields],
  ['targets', SubmissionTarget.options],
  ['rules', MatchingRule.options],
  ['reviewStates', ReviewState.options],
  ['authTypes', CallbackAuthentication.options],
  ['consent.ways', ConsentWay.options],
  ['kinds', ConnectorKind.options],
  ['inputTypes', ConnectorKind.options],
  ['runs.doing', runStates],
  ['submissionStates', submissionStates],
  ['parts', partNames],
  ['partMeanings', partNames],
  ['steps', [...partNames, 'preset', 'check']],
  ['presets', connectorPresets.flatMap(({ name }) => [`${name}.title`, `${name}.meaning`])],
  ['fields', Object.keys(ConnectorSettings.shape).filter((name) => !['kind', 'callback', 'odk'].includes(name))],
  ['fields.callback', Object.keys(ConnectorSettings.shape.callback.shape)],
  ['fields.odk', Object.keys(ConnectorSettings.shape.odk.shape)],
])('%s: everything that can be shown there has its words', (place, keys) => {
  expect(keys.filter((key) => typeof at(`${place}.${key}`) !== 'string')).toEqual([])
})
