import type { ProxyDecision } from '../http/exchange-types.ts'

/** Longer than any system takes to work out a proxy script that it has; then the way is tried directly. */
const PATIENCE = 5_000

/** Questions about the way through the network, which only the door can answer: it knows the system's settings. */
export interface DoorProxies {
  readonly find: (url: URL) => Promise<ProxyDecision>
  learn(id: number, decision: ProxyDecision): void
}

/** @param ask puts the question to the door; it is told the origin and nothing else of the address */
export function doorProxies(ask: (id: number, origin: string) => void): DoorProxies {
  const waiting = new Map<number, (decision: ProxyDecision) => void>()
  let lastId = 0
  const learn = (id: number, decision: ProxyDecision): void => {
    waiting.get(id)?.(decision)
    waiting.delete(id)
  }
  return {
    find: (url) =>
      new Promise((resolve) => {
        lastId += 1
        const id = lastId
        const timer = setTimeout(() => learn(id, null), PATIENCE)
        waiting.set(id, (decision) => {
          clearTimeout(timer)
          resolve(decision)
        })
        ask(id, url.origin)
      }),
    learn,
  }
}
