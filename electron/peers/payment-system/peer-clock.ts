/** The payment system's own time: it can be moved on, or held, so that nothing falls due by itself. */
export interface PeerClock {
  /** Epoch milliseconds. */
  now(): number
  hold(): void
  release(): void
  advance(milliseconds: number): void
  isHeld(): boolean
}

export function createPeerClock(): PeerClock {
  let ahead = 0
  let heldAt: number | null = null
  return {
    now: () => heldAt ?? Date.now() + ahead,
    hold() {
      heldAt ??= Date.now() + ahead
    },
    release() {
      if (heldAt !== null) ahead = heldAt - Date.now()
      heldAt = null
    },
    advance(milliseconds) {
      if (heldAt === null) ahead += milliseconds
      else heldAt += milliseconds
    },
    isHeld: () => heldAt !== null,
  }
}
