import { spawn } from 'node:child_process'

/** Opens a link in the browser of the system. If there is none, the printed link remains. */
export function openSystemBrowser(link: string): void {
  const [command, ...parameters] = openCommand(process.platform, link)
  if (command === undefined) return
  const child = spawn(command, parameters, { stdio: 'ignore', detached: true })
  child.on('error', () => child.removeAllListeners())
  child.unref()
}

/** The command of each system that hands a link to the browser that the user chose. */
export function openCommand(platform: NodeJS.Platform, link: string): readonly string[] {
  if (platform === 'darwin') return ['open', link]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', link]
  return ['xdg-open', link]
}
