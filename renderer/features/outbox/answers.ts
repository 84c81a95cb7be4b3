import type { Api } from '../../api/client.ts'

type Answer<T extends { ask: (...input: never[]) => Promise<unknown> }> = Awaited<ReturnType<T['ask']>>

export type OutboxRow = Answer<Api['outbox']['page']>['rows'][number]
