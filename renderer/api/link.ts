import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { AppRouter } from '../../electron/core/api/router.ts'
import type { Connection } from './connection.ts'
import { OfficeFault } from './office-fault.ts'

const asClientError = (error: OfficeFault): TRPCClientError<AppRouter> => TRPCClientError.from(error)

/** The tRPC link that carries calls and subscriptions over the bridge instead of HTTP. */
export function bridgeLink(connection: Connection): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        if (op.type === 'subscription') {
          return connection.follow(op.path, op.input, {
            event: (data) => observer.next({ result: { type: 'data', data } }),
            end: (fault) => (fault ? observer.error(asClientError(new OfficeFault(fault))) : observer.complete()),
          })
        }
        const abort = new AbortController()
        const signal = op.signal ? AbortSignal.any([abort.signal, op.signal]) : abort.signal
        connection.call(op.path, op.input, { signal, write: op.type === 'mutation' }).then(
          (data) => {
            observer.next({ result: { type: 'data', data } })
            observer.complete()
          },
          (error: OfficeFault) => observer.error(asClientError(error)),
        )
        return () => abort.abort()
      })
}
