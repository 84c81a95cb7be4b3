import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type ControlledPeer, openControl } from './control.ts'

/** The one line that a peer's process prints when it listens. */
export const PeerReadyLine = z.object({
  ready: z.literal(true),
  pid: z.int(),
  origin: z.string(),
  controlOrigin: z.string(),
})

const Started = z.object({ controlToken: z.string().min(16), options: z.unknown() })

/**
 * Runs a peer as a process of its own. Its options come as the first line of standard input, so that no secret shows in the list
 * of processes; the end of standard input means that the parent is gone, and this process goes too.
 */
export function runAsProcess(name: string, start: (options: unknown) => Promise<ControlledPeer>): void {
  const input = createInterface({ input: process.stdin })
  const serve = async (line: string): Promise<void> => {
    const { controlToken, options } = Started.parse(JSON.parse(line))
    const peer = await start(options)
    const controlOrigin = await openControl(peer, controlToken)
    const ready: z.infer<typeof PeerReadyLine> = { ready: true, pid: process.pid, origin: peer.origin, controlOrigin }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
  }
  input.once('line', (line) => {
    serve(line).catch((error: unknown) => {
      console.error(`${name} peer:`, error instanceof Error ? error.message : error)
      process.exit(1)
    })
  })
  input.once('close', () => process.exit(0))
}
