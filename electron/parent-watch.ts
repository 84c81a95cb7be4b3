/** Milliseconds between two looks. */
const LOOK_EVERY = 500

/**
 * Notices that the process that started this one has ended, which the system does not tell of. It looks until then and does
 * not keep this process alive.
 */
export function onParentGone(parent: number, tell: () => void): void {
  const looking = setInterval(() => {
    if (process.ppid === parent && isAlive(parent)) return
    clearInterval(looking)
    tell()
  }, LOOK_EVERY)
  looking.unref()
}

/** On Windows an orphan keeps the number of its parent. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
