import type { App } from 'electron'

/** False if the office is open already; then that window comes to the front and this process must end. */
export function claimSingleInstance(app: Pick<App, 'requestSingleInstanceLock' | 'on'>, show: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', show)
  return true
}
