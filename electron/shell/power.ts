import type { Net, PowerMonitor } from 'electron'
import type { CoreThread } from '../core/core-thread-handle.ts'

/** Electron announces no change of the line, so it is asked; a look costs nothing that could be measured. */
const LOOK = 5_000

/** Sleep and wake reach the scheduler, which catches up at once instead of at its next turn. */
export function followPower(monitor: Pick<PowerMonitor, 'on'>, core: Pick<CoreThread, 'power'>): void {
  monitor.on('suspend', () => core.power('suspend'))
  monitor.on('resume', () => core.power('resume'))
}

/**
 * A cable that was pulled or a network that came back reaches the scheduler, as a hint: what requests meet counts.
 *
 * @param every calls back again and again until it is told to stop
 * @returns how to stop
 */
export function followLine(
  net: Pick<Net, 'isOnline'>,
  core: Pick<CoreThread, 'power'>,
  every: (milliseconds: number, look: () => void) => () => void = repeat,
): () => void {
  let online = true
  const look = (): void => {
    const now = net.isOnline()
    if (now === online) return
    online = now
    core.power(now ? 'line-up' : 'line-down')
  }
  look()
  return every(LOOK, look)
}

function repeat(milliseconds: number, look: () => void): () => void {
  const timer = setInterval(look, milliseconds)
  return () => clearInterval(timer)
}
