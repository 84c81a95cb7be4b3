/** Keeps count of the open pages of each session. */
export interface ClientsPresent {
  came(client: string): void
  went(client: string): void
  /** Nothing is forgotten any more: the door closes. */
  stop(): void
}

/**
 * A reload closes the last page for a moment and must not sign the officer out; a browser that was closed must.
 * @param absence milliseconds without any page after which the session counts as gone.
 */
export function clientsPresent(absence: number, forget: (client: string) => void): ClientsPresent {
  const pages = new Map<string, number>()
  const leaving = new Map<string, NodeJS.Timeout>()
  return {
    came(client) {
      clearTimeout(leaving.get(client))
      leaving.delete(client)
      pages.set(client, (pages.get(client) ?? 0) + 1)
    },
    went(client) {
      const left = (pages.get(client) ?? 1) - 1
      pages.set(client, left)
      if (left > 0) return
      const timer = setTimeout(() => {
        leaving.delete(client)
        forget(client)
      }, absence)
      leaving.set(client, timer.unref())
    },
    stop() {
      for (const timer of leaving.values()) clearTimeout(timer)
      leaving.clear()
    },
  }
}
