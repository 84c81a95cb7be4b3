import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where compiled code is kept between two starts. With the user's other caches and never in the folder of an office: that may
 * come from another machine, and code that lies in it must not be run.
 */
export function compiledCodeDirectory(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  const name = 'g2p-field-office'
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', name)
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), `${name}-cache`)
  return join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), name)
}

/**
 * Keeps what this process, its threads and its children compile from now on, so that the next start need not do it again.
 * Where nothing can be kept, everything is compiled each time.
 */
export function keepCompiledCode(): void {
  const { directory } = enableCompileCache(
    process.env.NODE_COMPILE_CACHE ?? compiledCodeDirectory(process.platform, process.env),
  )
  // Threads and children read it from here.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
}
