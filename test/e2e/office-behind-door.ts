import { createInterface } from 'node:readline'
import { Answerer } from '../../electron/core/api/answer.ts'
import { systemTime } from '../../electron/core/clock/office-time.ts'
import { Core, type TrainingRoom } from '../../electron/core/core.ts'
import type { CoreThread } from '../../electron/core/core-thread-handle.ts'
import { packReply } from '../../electron/core/doors/packed-reply.ts'
import { openBrowserDoor } from '../../electron/server/browser-door.ts'
import type { FromOffice, ToOffice } from './office-process.ts'

interface BehindDoor<Order> {
  readonly dataDirectory: string
  readonly screens: string
  readonly room: TrainingRoom
  /** How long a minute of waiting lasts, in milliseconds. */
  readonly minute: number
  /** Before the first browser is let in. */
  readonly opened?: (core: Core) => Promise<void>
  /** What a test tells beside what officers do; its answer is JSON. */
  readonly obey: (order: Order, core: Core) => Promise<unknown>
}

/** A training office of a test's own making behind the browser door, until its input ends or says so. */
export async function serveOffice<Order>(options: BehindDoor<Order>): Promise<void> {
  const { dataDirectory, screens, room, minute, opened, obey } = options
  const core = new Core({ dataDirectory, door: 'test' }, room, { ...systemTime, minute })
  await core.start()
  await opened?.(core)
  const listeners = new Set<Parameters<CoreThread['onReply']>[0]>()
  const answerer = new Answerer(
    core,
    (client, reply) => {
      for (const listener of listeners) listener(client, packReply(reply))
    },
    (error) => console.error(error),
  )
  const thread: CoreThread = {
    send: (client, request) => answerer.handle(client, request),
    forget: (client) => answerer.forget(client),
    onReply: (listener) => void listeners.add(listener),
    onLink: () => undefined,
    power: () => undefined,
    onWork: () => undefined,
    onInstall: () => undefined,
    onCrash: () => undefined,
    close: () => core.close(),
  }
  const door = await openBrowserDoor({ core: thread, screens, port: 0 })
  const say = (message: FromOffice): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
  say({ url: door.newLink(), origin: door.origin })

  for await (const line of createInterface({ input: process.stdin })) {
    const message: ToOffice<Order> = JSON.parse(line)
    if (message.do === 'link') say({ url: door.newLink(), origin: door.origin })
    else if (message.do === 'order') say({ answer: (await obey(message.order, core)) ?? null })
    else break
  }
  await door.close()
  await core.close()
  process.exit(0)
}
