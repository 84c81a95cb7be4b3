import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Result } from '../../shared/contract/result.ts'
import { PIN } from '../core/dispatch/approved-batches.ts'
import type { CoreStart, FromCore, Furnish, StateNow, ToCore, UnderWay, Unnumbered } from './messages.ts'

/**
 * One life of the core: from its start until it is killed or closed. What the core's process understands is `To`; all of
 * them take `start`, `call` and `close`.
 */
export class CoreLife<To extends { readonly do: string } = ToCore> {
  readonly doubt: string
  readonly cutOff: number
  readonly #child: ChildProcess
  readonly #pending = new Map<number, (result: Result<unknown> | undefined) => void>()
  #lastId = 0
  #ended = false
  #underWay: UnderWay = { claims: 0, posts: 0 }

  // Only `start` makes one, once the process is ready.
  private constructor(child: ChildProcess, ready: Extract<FromCore, { from: 'ready' }>) {
    this.#child = child
    this.doubt = ready.doubt
    this.cutOff = ready.cutOff
    child.on('message', (message: FromCore) => {
      if (message.from === 'under-way') this.#underWay = message.underWay
      if (message.from !== 'answer') return
      this.#pending.get(message.id)?.(message.result)
      this.#pending.delete(message.id)
    })
    // Words to a process that was just killed go nowhere; its end is noted when it has exited.
    child.on('error', () => undefined)
    child.once('exit', () => {
      this.#ended = true
      for (const done of this.#pending.values()) done(undefined)
      this.#pending.clear()
    })
  }

  static async start<To extends { readonly do: string } = ToCore>(
    file: string,
    start: CoreStart,
  ): Promise<CoreLife<To>> {
    const child = fork(file, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.send({ do: 'start', start } satisfies ToCore)
    const [ready] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('the core ended before it was ready')
      }),
    ])) as [Extract<FromCore, { from: 'ready' }>]
    return new CoreLife<To>(child, ready)
  }

  get ended(): boolean {
    return this.#ended
  }

  /** As the process last told; a core that tells nothing has nothing under way. */
  get underWay(): UnderWay {
    return this.#underWay
  }

  /** Nothing is answered to it. */
  tell(message: Exclude<To, { readonly id: number }>): void {
    if (!this.#ended && this.#child.connected) this.#child.send(message)
  }

  /** Undefined when the process ended before it answered. */
  call(officer: string, type: 'query' | 'mutation', path: string, input: object): Promise<Result<unknown> | undefined> {
    const withPin = type === 'mutation' ? { ...input, pin: PIN } : input
    return this.#send({ do: 'call', officer, path, type, input: withPin })
  }

  /** As a power cut would end it. */
  async kill(): Promise<void> {
    if (this.#ended) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  async close(): Promise<void> {
    if (this.#ended) return
    const exit = once(this.#child, 'exit')
    this.#child.send({ do: 'close' } satisfies ToCore)
    await exit
  }

  /** Undefined when the process ended before it answered. */
  ask(question: Unnumbered<To>): Promise<Result<unknown> | undefined> {
    return this.#send(question)
  }

  #send(question: object): Promise<Result<unknown> | undefined> {
    // Killed, and nobody has noted it yet.
    if (this.#ended || !this.#child.connected) return Promise.resolve(undefined)
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve) => {
      this.#pending.set(id, resolve)
      this.#child.send({ ...question, id }, (error) => {
        if (error === null) return
        this.#pending.delete(id)
        resolve(undefined)
      })
    })
  }
}

/** Puts everything into the office that it is to send. */
export const furnish = (life: CoreLife, furnishing: Furnish): Promise<Result<unknown> | undefined> =>
  life.ask({ do: 'furnish', furnish: furnishing })

export async function stateOf(life: CoreLife): Promise<StateNow | undefined> {
  const result = await life.ask({ do: 'state' })
  return result?.ok ? (result.value as StateNow) : undefined
}
