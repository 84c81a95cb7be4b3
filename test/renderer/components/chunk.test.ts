import { expect, test } from 'vitest'
import { chunk } from '../../../renderer/components/shell/chunk.ts'

const Screen = () => null

test('what was loaded ahead stands at once', async () => {
  const screen = chunk(async () => ({ default: Screen }))
  await screen.load()
  expect(screen.component()).toBe(Screen)
})

test('what is shown before it was loaded stays the same component, so that nothing typed into it is lost', async () => {
  const screen = chunk(async () => ({ default: Screen }))
  const first = screen.component()
  await screen.load()
  expect(screen.component()).toBe(first)
})

test('what could not be loaded ahead is asked for again', async () => {
  let asked = 0
  const screen = chunk(async () => {
    asked += 1
    if (asked === 1) throw new Error('the line is down')
    return { default: Screen }
  })
  await expect(screen.load()).rejects.toThrow()
  await screen.load()
  expect(screen.component()).toBe(Screen)
})
