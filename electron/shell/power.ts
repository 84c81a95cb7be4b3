import type { PowerMonitor } from 'electron'
import type { CoreThread } from '../core/core-thread-handle.ts'

/** Sleep and wake reach the scheduler, which catches up at once instead of at its next turn. */
export function followPower(monitor: Pick<PowerMonitor, 'on'>, core: Pick<CoreThread, 'power'>): void {
  monitor.on('suspend', () => core.power('suspend'))
  monitor.on('resume', () => core.power('resume'))
}
