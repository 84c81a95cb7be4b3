import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followChanges } from '../../../renderer/api/change-stream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A screen that shows one question about these kinds, and a core that says what changed. */
async function watch(kinds: readonly string[], answersAfter = 0) {
  const queryClient = new QueryClient()
  let asked = 0
  const observer = new QueryObserver(queryClient, {
    queryKey: ['rows'],
    queryFn: async () => {
      asked += 1
      const answer = asked
      if (answersAfter > 0) await new Promise((resolve) => setTimeout(resolve, answersAfter))
      return answer
    },
    meta: { kinds },
    staleTime: Number.POSITIVE_INFINITY,
  })
  const unsubscribe = observer.subscribe(() => undefined)
  let change: (kinds: readonly string[]) => void = () => undefined
  const stop = followChanges(queryClient, (onChange) => {
    change = onChange
    return () => undefined
  })
  await vi.advanceTimersByTimeAsync(0)
  return {
    change: (...changed: string[]) => change(changed),
    asked: () => asked,
    settle: () => vi.advanceTimersByTimeAsync(2_000),
    soon: () => vi.advanceTimersByTimeAsync(0),
    end: () => {
      stop()
      unsubscribe()
      queryClient.clear()
    },
  }
}

test('a question is asked again at once when its kind of record changed', async () => {
  const screen = await watch(['registrant'])
  screen.change('registrant')
  await screen.soon()
  expect(screen.asked()).toBe(2)
  screen.end()
})

test('a change of another kind asks nothing', async () => {
  const screen = await watch(['registrant'])
  screen.change('batch')
  await screen.settle()
  expect(screen.asked()).toBe(1)
  screen.end()
})

test('a thousand changes in a row ask a few times, and once after the last', async () => {
  const screen = await watch(['registrant'])
  for (let change = 0; change < 1_000; change += 1) screen.change('registrant')
  await screen.settle()
  expect(screen.asked()).toBe(3)
  screen.end()
})

test('what changes while a question is being answered is asked about once more, without cutting the answer off', async () => {
  const screen = await watch(['registrant'], 600)
  screen.change('registrant')
  await screen.soon()
  expect(screen.asked()).toBe(1)
  await screen.settle()
  expect(screen.asked()).toBe(2)
  await screen.settle()
  expect(screen.asked()).toBe(2)
  screen.end()
})
