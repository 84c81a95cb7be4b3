import type { IncomingMessage } from 'node:http'

/** The body of a request as it streams in; given up as soon as it is larger than allowed. What was read is then forgotten. */
export function readBody(request: IncomingMessage, largest: number): Promise<Uint8Array | 'too-large' | 'broken-off'> {
  if (Number(request.headers['content-length'] ?? 0) > largest) return Promise.resolve('too-large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const stop = (answer: Uint8Array | 'too-large' | 'broken-off'): void => {
      request.off('data', onData).off('end', onEnd).off('close', onBreak).off('error', onBreak)
      // A request that breaks off later must not end the process.
      request.on('error', () => undefined)
      resolve(answer)
    }
    const onData = (chunk: Buffer): void => {
      length += chunk.length
      if (length > largest) stop('too-large')
      else chunks.push(chunk)
    }
    const onEnd = (): void => stop(Buffer.concat(chunks))
    const onBreak = (): void => stop('broken-off')
    request.on('data', onData).on('end', onEnd).on('close', onBreak).on('error', onBreak)
  })
}
