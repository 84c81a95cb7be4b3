import type { OfficeTime } from '../../electron/core/clock/office-time.ts'
import type { Office } from '../../electron/core/office.ts'
import { answer } from './core-answers.ts'
import type { CoreStart } from './messages.ts'

/* One office in a process that the driver kills: what every such process is told, and how its questions are answered. */

interface Message {
  readonly do: string
}

/** What the driver asks under a number, by what is asked. */
type Answers<M extends Message> = {
  readonly [Do in Extract<M, { readonly id: number }>['do']]: (
    message: Extract<M, { readonly id: number; readonly do: Do }>,
  ) => unknown
}

export interface DrivenCore<M extends Message> {
  /** Opens the office and tells that it is ready. */
  readonly start: (options: CoreStart) => Promise<Office>
  readonly answers: Answers<M>
  readonly cutLine: (message: Extract<M, { readonly do: 'cut-line' }>, office: Office | undefined) => void
}

/** Milliseconds by which the officer's clock is wrong, and the office once it is open. */
export class CoreNow {
  ahead = 0
  office: Office | undefined

  open(): Office {
    if (this.office === undefined) throw new Error('the office is not open')
    return this.office
  }
}

/** The machine's time, with a clock of its own and minutes of that length. */
export const timeWith = (now: () => number, { minute }: Pick<CoreStart, 'minute'>): OfficeTime => ({
  now,
  elapsed: () => Number(process.hrtime.bigint() / 1_000_000n),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
  random: Math.random,
  minute,
})

/** Does what the driver says, until it is told to close or the driver is gone. */
export function serveDriver<M extends Message>(core: CoreNow, { start, answers, cutLine }: DrivenCore<M>): void {
  // Each is called with the message of its own name.
  const asked = answers as unknown as Readonly<Record<string, (message: M) => unknown>>
  const obey = async (message: M & { readonly start: CoreStart; readonly ahead: number }): Promise<void> => {
    switch (message.do) {
      case 'start':
        core.ahead = message.start.ahead
        core.office = await start(message.start)
        break
      case 'jump':
        core.ahead = message.ahead
        core.office?.scheduler.look()
        break
      case 'cut-line':
        cutLine(message as unknown as Extract<M, { readonly do: 'cut-line' }>, core.office)
        break
      case 'close':
        await core.open().close()
        process.exit(0)
    }
  }
  process.on('message', (message: M & { readonly id?: number; readonly start: CoreStart; readonly ahead: number }) => {
    const give = asked[message.do]
    if (give === undefined || message.id === undefined) void obey(message)
    else void answer(message.id, async () => give(message))
  })
  // Nobody would ever end this process.
  process.on('disconnect', () => process.exit(1))
}
