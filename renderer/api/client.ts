import { createTRPCUntypedClient } from '@trpc/client'
import type {
  AnyMutationProcedure,
  AnyProcedure,
  AnyQueryProcedure,
  AnySubscriptionProcedure,
  inferProcedureInput,
  inferProcedureOutput,
} from '@trpc/server'
import type { AppRouter } from '../../electron/core/api/router.ts'
import type { RecordKind } from '../../shared/model/records.ts'
import type { Connection } from './connection.ts'
import { bridgeLink } from './link.ts'
import { faultOf, OfficeFault } from './office-fault.ts'

/** Which records a question reads; it is asked again when one of these kinds changes in the store. */
interface QueryExtras {
  readonly kinds?: readonly (RecordKind | (string & {}))[]
  /** Go on showing the last answer while the next one is fetched. */
  readonly keepPrevious?: boolean
  readonly enabled?: boolean
  /** Ask again every so many milliseconds. */
  readonly every?: number
}

/** Key of a question in react-query: the procedure's path in pieces, then the input. */
type QueryKey = readonly [readonly string[], ...unknown[]]

interface QueryDoor<P extends AnyProcedure> {
  /** For `useQuery`: `useQuery(api.registry.page.queryOptions({ … }, { kinds: ['registrant'] }))`. */
  queryOptions(
    input: inferProcedureInput<P>,
    extras?: QueryExtras,
  ): {
    queryKey: QueryKey
    queryFn: (context: { signal: AbortSignal }) => Promise<inferProcedureOutput<P>>
    meta: { kinds: readonly string[] }
    enabled: boolean
    placeholderData?: (previous: inferProcedureOutput<P> | undefined) => inferProcedureOutput<P> | undefined
    refetchInterval: number | false
  }
  /** Key of this question with this input, or of all its inputs. */
  queryKey(input?: inferProcedureInput<P>): QueryKey
  /** Ask once, outside react-query's cache. @throws OfficeFault */
  ask(input: inferProcedureInput<P>, signal?: AbortSignal): Promise<inferProcedureOutput<P>>
}

interface MutationDoor<P extends AnyProcedure> {
  /** For `useMutation`: `useMutation(api.batches.submit.mutationOptions())`. Faults arrive as OfficeFault. */
  mutationOptions(): {
    mutationKey: QueryKey
    mutationFn: (input: inferProcedureInput<P>) => Promise<inferProcedureOutput<P>>
  }
  /** Run once, outside react-query. @throws OfficeFault */
  run(input: inferProcedureInput<P>): Promise<inferProcedureOutput<P>>
}

type Streamed<Output> = Output extends AsyncIterable<infer Item> ? Item : Output

interface SubscriptionDoor<P extends AnyProcedure> {
  /** @returns how to stop. */
  follow(
    input: inferProcedureInput<P>,
    follower: {
      event: (data: Streamed<inferProcedureOutput<P>>) => void
      end?: (fault: OfficeFault | undefined) => void
    },
  ): () => void
}

/** The router as the screens see it: one door per procedure, in the router's own nesting. */
type Doors<Tree> = {
  readonly [K in keyof Tree]: Tree[K] extends AnyQueryProcedure
    ? QueryDoor<Tree[K]>
    : Tree[K] extends AnyMutationProcedure
      ? MutationDoor<Tree[K]>
      : Tree[K] extends AnySubscriptionProcedure
        ? SubscriptionDoor<Tree[K]>
        : Doors<Tree[K]>
}

export type Api = Doors<AppRouter['_def']['record']>

/** A method that may as well be a procedure of the same name: `imports.run.run(…)`, `lists.run.run(…)`. */
const alsoDoor = (method: object, door: object): object =>
  new Proxy(method, { get: (target, name) => Reflect.get(Reflect.has(door, name) ? door : target, name) })

/** The typed client of the core's API over any bridge. */
export function createApi(connection: Connection): Api {
  const client = createTRPCUntypedClient<AppRouter>({ links: [bridgeLink(connection)] })
  const asFault = (error: unknown): never => {
    throw new OfficeFault(faultOf(error))
  }
  const ask = (path: string, input: unknown, signal?: AbortSignal): Promise<unknown> =>
    client.query(path, input, signal ? { signal } : {}).catch(asFault)
  const run = (path: string, input: unknown): Promise<unknown> => client.mutation(path, input).catch(asFault)

  const doorAt = (pieces: readonly string[]): object => {
    const path = pieces.join('.')
    const queryKey = (input?: unknown): QueryKey => (input === undefined ? [pieces] : [pieces, input])
    const methods: Record<string, unknown> = {
      queryKey,
      ask: (input: unknown, signal?: AbortSignal) => ask(path, input, signal),
      run: (input: unknown) => run(path, input),
      queryOptions: (input: unknown, extras: QueryExtras = {}) => ({
        queryKey: queryKey(input),
        queryFn: ({ signal }: { signal: AbortSignal }) => ask(path, input, signal),
        meta: { kinds: extras.kinds ?? [] },
        enabled: extras.enabled ?? true,
        refetchInterval: extras.every ?? false,
        ...(extras.keepPrevious ? { placeholderData: (previous: unknown) => previous } : {}),
      }),
      mutationOptions: () => ({ mutationKey: queryKey(), mutationFn: (input: unknown) => run(path, input) }),
      follow: (
        input: unknown,
        follower: { event: (data: unknown) => void; end?: (fault: OfficeFault | undefined) => void },
      ) => {
        const subscription = client.subscription(path, input, {
          onData: follower.event,
          onError: (error) => follower.end?.(new OfficeFault(faultOf(error))),
          onComplete: () => follower.end?.(undefined),
        })
        return () => subscription.unsubscribe()
      },
    }
    const below = new Map<string, object>()
    return new Proxy(methods, {
      get(target, name) {
        if (typeof name !== 'string' || name === 'then') return undefined
        const known = below.get(name)
        if (known !== undefined) return known
        const door = doorAt([...pieces, name])
        const method = pieces.length > 1 ? target[name] : undefined
        const found = typeof method === 'function' ? alsoDoor(method, door) : door
        below.set(name, found)
        return found
      },
    })
  }
  return doorAt([]) as Api
}
