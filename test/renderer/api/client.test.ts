import { expect, test } from 'vitest'
import { createApi } from '../../../renderer/api/client.ts'
import type { Connection } from '../../../renderer/api/connection.ts'

test('reaches a procedure that is called like one of the doors of a question', async () => {
  const called: string[] = []
  const connection: Connection = {
    call: (path) => {
      called.push(path)
      return Promise.resolve(null)
    },
    follow: () => () => undefined,
    onState: () => () => undefined,
    close: () => undefined,
  }
  const api = createApi(connection)
  await api.upkeep.run.run()
  await api.registry.imports.status.ask({ id: 'one' })
  expect(called).toEqual(['upkeep.run', 'registry.imports.status'])
})
