import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState } from './error-state.tsx'
import { LoadingState } from './loading-state.tsx'

interface AnswerProps<Data> {
  query: UseQueryResult<Data, Error>
  children: (data: Data) => ReactNode
  /** Shown while the first answer is on its way; grey lines by default. */
  loading?: ReactNode
}

/** A question's three faces: on its way, failed with retry, answered. An old answer stays on the screen while it is asked again. */
export function Answer<Data>({ query, children, loading }: AnswerProps<Data>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorState fault={query.error} onRetry={() => void query.refetch()} />
  return loading ?? <LoadingState />
}
