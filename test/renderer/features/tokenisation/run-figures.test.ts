import { expect, test } from 'vitest'
import {
  classesOf,
  doneOf,
  isUnderWay,
  remedyOf,
  shareOf,
} from '../../../../renderer/features/tokenisation/run-figures.ts'
import { runStates } from '../../../../shared/contract/tokenisation.ts'
import { isTriedAgain, outcomeClasses } from '../../../../shared/rules/tokenisation/answer-class.ts'
import { localReasons } from '../../../../shared/rules/tokenisation/demographics.ts'

test('a part of nothing is nothing', () => {
  expect(shareOf(0, 0)).toBe(0)
  expect(shareOf(1, 4)).toBe(0.25)
})

test('a run goes on until it is done, stopped or failed', () => {
  expect(runStates.filter((state) => isUnderWay({ state }))).toEqual(['choosing', 'sending', 'waiting'])
})

test('whoever waits for an answer is not counted as done', () => {
  const counts = { people: 10, chosen: 1, sent: 2, tokenised: 3, refused: 2, unanswered: 1, skipped: 1 }
  expect(doneOf(counts)).toBe(7)
})

test('only classes that occur are shown, those with most people first', () => {
  expect(classesOf({ later: 1, data: 4, identifier: 0 })).toEqual([
    { outcome: 'data', count: 4 },
    { outcome: 'later', count: 1 },
  ])
})

test('whoever is sent again by himself is left alone, everybody else is helped somehow', () => {
  const helped = outcomeClasses.filter((outcome) => remedyOf(outcome, '') !== 'none')
  expect(helped).toEqual(outcomeClasses.filter((outcome) => !isTriedAgain(outcome)))
})

test.each(localReasons)('somebody who was not sent (%s) can be helped', (reason) => {
  const expected = reason === 'no-consent' ? 'consent' : /vid/.test(reason) ? 'vid' : 'record'
  expect(remedyOf('local', reason)).toBe(expected)
})
