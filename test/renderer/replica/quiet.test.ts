import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hasten, whenQuiet } from '../../../renderer/replica/quiet.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('what can wait does not begin while a screen waits for its answers', async () => {
  const client = new QueryClient()
  const work = vi.fn()
  const answer = Promise.withResolvers<number>()
  const asked = client.fetchQuery({ queryKey: ['list'], queryFn: () => answer.promise })
  whenQuiet(client, work)
  await vi.advanceTimersByTimeAsync(1_500)
  expect(work).not.toHaveBeenCalled()
  answer.resolve(1)
  await asked
  await vi.advanceTimersByTimeAsync(1_000)
  expect(work).toHaveBeenCalledOnce()
  client.clear()
})

test('a screen that never stops asking does not hold it up for ever', async () => {
  const client = new QueryClient()
  const work = vi.fn()
  void client.fetchQuery({ queryKey: ['list'], queryFn: () => new Promise<number>(() => undefined) })
  whenQuiet(client, work)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(work).toHaveBeenCalledOnce()
})

test('it begins at once when somebody needs it, and only once', async () => {
  const client = new QueryClient()
  const work = vi.fn()
  whenQuiet(client, work)
  hasten()
  hasten()
  expect(work).toHaveBeenCalledOnce()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(work).toHaveBeenCalledOnce()
})

test('what was called off never begins', async () => {
  const work = vi.fn()
  whenQuiet(new QueryClient(), work)()
  hasten()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(work).not.toHaveBeenCalled()
})
