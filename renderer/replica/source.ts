import type {
  Checkpoint,
  PullAnswer,
  PushAnswer,
  PushRow,
  ReplicaKey,
  ReplicatedDocument,
  StreamEvent,
} from '../../shared/contract/replica.ts'
import type { ReplicaName } from '../../shared/model/replica.ts'
import type { Api } from '../api/client.ts'

/** Where the replica's documents come from and its edits go to: the store, over whichever door. */
export interface ReplicaSource {
  key(): Promise<ReplicaKey>
  pull(collection: ReplicaName, checkpoint: Checkpoint | null, limit: number): Promise<PullAnswer>
  pin(
    collection: ReplicaName,
    ids: readonly string[],
  ): Promise<{ documents: readonly ReplicatedDocument[]; sequence: number }>
  unpin(collection: ReplicaName, ids: readonly string[]): Promise<unknown>
  push(collection: ReplicaName, rows: readonly PushRow[]): Promise<PushAnswer>
  /** @returns how to stop. */
  follow(event: (event: StreamEvent) => void): () => void
}

const PAUSE_BEFORE_FOLLOWING_AGAIN = 2_000

/** The source behind the API; `page` tells this page from the others of its session. */
export function apiSource({ replica }: Pick<Api, 'replica'>, page: string): ReplicaSource {
  return {
    key: () => replica.key.ask(undefined),
    pull: (collection, checkpoint, limit) => replica.pull.ask({ page, collection, checkpoint, limit }),
    pin: (collection, ids) => replica.pin.ask({ page, collection, ids: [...ids] }),
    unpin: (collection, ids) => replica.unpin.ask({ page, collection, ids: [...ids] }),
    push: (collection, rows) => replica.push.run({ collection, rows: [...rows] as never }),
    follow(event) {
      let again: ReturnType<typeof setTimeout> | undefined
      let stop = (): void => undefined
      const begin = (): void => {
        stop = replica.stream.follow(
          { page },
          {
            event,
            end: (fault) => {
              // Signed out: the replica is about to be cleared. Everything else passes.
              if (fault?.fault.code !== 'api.signed-out') again = setTimeout(begin, PAUSE_BEFORE_FOLLOWING_AGAIN)
            },
          },
        )
      }
      begin()
      return () => {
        clearTimeout(again)
        stop()
      }
    },
  }
}
