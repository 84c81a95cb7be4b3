import type { ReactNode } from 'react'
import { ErrorState } from './error-state.tsx'
import { LoadingState } from './loading-state.tsx'

interface AnswerProps<Data> {
  /** A question of react-query, in one piece or by pages. */
  query: { readonly data: Data | undefined; readonly error: Error | null; readonly refetch: () => unknown }
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
