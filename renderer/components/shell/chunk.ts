import { type ComponentType, lazy } from 'react'

/** A component that lies in a chunk of its own. */
export interface Chunk {
  load(): Promise<void>
  /** What to render; suspends only while it is not there yet. */
  component(): ComponentType
}

/**
 * Like `lazy`, which waits even for what was loaded before, and React then shows the place-holder for a third of a second at
 * least.
 */
export function chunk(fetch: () => Promise<{ default: ComponentType }>): Chunk {
  let loaded: ComponentType | undefined
  /** The same for good: another type would be mounted anew. */
  let chosen: ComponentType | undefined
  const load = async (): Promise<{ default: ComponentType }> => {
    const fetched = await fetch()
    loaded = fetched.default
    return fetched
  }
  return {
    load: async () => void (await load()),
    component() {
      chosen ??= loaded ?? lazy(load)
      return chosen
    },
  }
}
