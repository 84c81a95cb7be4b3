import { QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react'
import { setCoreUp } from '../state/connectivity.ts'
import { chooseBridge } from './bridge.ts'
import { followChanges } from './change-stream.ts'
import { type Api, createApi } from './client.ts'
import { openConnection } from './connection.ts'
import { createQueryClient } from './query-client.ts'

const ApiContext = createContext<Api | undefined>(undefined)

/** Opens the door to the core once and gives every screen the API and the query cache. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [{ api, connection, queryClient }] = useState(() => {
    const opened = openConnection(chooseBridge())
    return { connection: opened, api: createApi(opened), queryClient: createQueryClient() }
  })
  const everUp = useRef(false)
  useEffect(() => {
    let wasDown = false
    return connection.onState((up) => {
      setCoreUp(up)
      if (up && wasDown) void queryClient.invalidateQueries()
      wasDown ||= everUp.current && !up
      everUp.current ||= up
    })
  }, [connection, queryClient])
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </ApiContext>
  )
}

/** The typed API of the core: `const api = useApi()`, then `useQuery(api.registry.page.queryOptions(input))`. */
export function useApi(): Api {
  const api = use(ApiContext)
  if (!api) throw new Error('useApi outside of ApiProvider')
  return api
}

const PAUSE_BEFORE_FOLLOWING_AGAIN = 2_000

/** Keeps every question on the screen up to date while the calling component is mounted (signed in). */
export function useLiveAnswers(): void {
  const api = useApi()
  const queryClient = useQueryClient()
  useEffect(
    () =>
      followChanges(queryClient, (onChange) => {
        let again: ReturnType<typeof setTimeout> | undefined
        let stop = (): void => undefined
        const follow = (): void => {
          stop = api.changes.stream.follow(undefined, {
            event: ({ kinds }) => onChange(kinds),
            end: () => {
              again = setTimeout(follow, PAUSE_BEFORE_FOLLOWING_AGAIN)
            },
          })
        }
        follow()
        return () => {
          clearTimeout(again)
          stop()
        }
      }),
    [api, queryClient],
  )
}
