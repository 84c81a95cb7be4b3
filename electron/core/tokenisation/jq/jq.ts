import { Worker } from 'node:worker_threads'
import { fail } from '../../../../shared/contract/result.ts'
import type { FromJq, ToJq } from './jq-thread.ts'

/** Milliseconds that a program may take for all that it is given at once. */
const TIME_LIMIT = 4_000
/** Milliseconds after which an idle thread is let go. */
const IDLE = 30_000

/** Runs jq programs of officers where they can do no harm: in a thread of their own that is ended when it takes too long. */
export class JqRunner {
  #thread: Thread | undefined
  #lastId = 0
  /** One program after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  /**
   * Whether both ways of putting a program into another compile: one finds what it does not know, the other what does not
   * close. @returns what jq says, or undefined where it compiles
   */
  async findFault(program: string): Promise<string | undefined> {
    const programs = [`empty | (\n${program}\n)`, `def p: ${program}\n; empty`]
    const { error } = await this.#ask({ inputs: null, programs })
    return error === null ? undefined : plainWords(error)
  }

  /**
   * The first output of a program for each input, null where there is none, as the seeder has it.
   *
   * @throws OfficeError `tokenisation.program-invalid`, `tokenisation.program-too-slow`
   */
  async run(program: string, inputs: readonly unknown[]): Promise<readonly unknown[]> {
    const { results, error } = await this.#ask({ inputs, programs: [program] })
    return results ?? fail('tokenisation.program-invalid', { text: plainWords(error ?? '') })
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    this.#thread = undefined
    await thread?.end()
  }

  #ask(question: Omit<ToJq, 'id'>): Promise<FromJq> {
    const answer = this.#turn.then(() => this.#askNow(question))
    this.#turn = answer.catch(() => undefined)
    return answer
  }

  async #askNow(question: Omit<ToJq, 'id'>): Promise<FromJq> {
    clearTimeout(this.#idle)
    this.#thread ??= startThread()
    const thread = this.#thread
    this.#lastId += 1
    try {
      return await thread.ask({ ...question, id: this.#lastId })
    } catch (error) {
      // Endless, or out of memory: what is left of the thread is of no use to the next program.
      this.#thread = undefined
      await thread.end()
      return fail('tokenisation.program-too-slow', {}, error)
    } finally {
      this.#idle = setTimeout(() => void this.close(), IDLE)
      this.#idle.unref()
    }
  }
}

interface Thread {
  /** Rejects when it takes too long or the thread ends. */
  ask(question: ToJq): Promise<FromJq>
  end(): Promise<unknown>
}

function startThread(): Thread {
  const entry = import.meta.url.endsWith('.ts') ? './jq-thread.ts' : './jq-thread.js'
  const worker = new Worker(new URL(entry, import.meta.url), {
    name: 'jq',
    // Programs of officers see nothing of the machine.
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
  })
  const waiting = new Map<number, PromiseWithResolvers<FromJq>>()
  const begun = Promise.withResolvers<FromJq>()
  waiting.set(0, begun)
  const end = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (message: FromJq) => {
    waiting.get(message.id)?.resolve(message)
    waiting.delete(message.id)
  })
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => end(new Error('the thread of jq ended')))
  begun.promise.catch(() => undefined)
  return {
    async ask(question) {
      await begun.promise
      const answer = Promise.withResolvers<FromJq>()
      waiting.set(question.id, answer)
      worker.postMessage(question)
      const timer = setTimeout(() => answer.reject(new Error('a program took too long')), TIME_LIMIT)
      return answer.promise.finally(() => clearTimeout(timer))
    },
    end: () => worker.terminate(),
  }
}

/** jq's own words, without its name and the program that they repeat. */
const plainWords = (text: string): string =>
  (text.split('\n').find((line) => line.trim() !== '') ?? '')
    .replace(/^jq: (?:error: )?/, '')
    .replace(/\(Unix shell quoting issues\?\) ?/, '')
    .slice(0, 200)
