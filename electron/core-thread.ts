import { parentPort, workerData } from 'node:worker_threads'
import { OfficeError } from '../shared/contract/result.ts'
import { Answerer } from './core/api/answer.ts'
import { Core } from './core/core.ts'
import type { CoreThreadData, FromCore, ToCore } from './core/core-thread-handle.ts'
import { doorProxies } from './core/doors/door-proxies.ts'
import { DistantKeyStore } from './core/doors/key-store-line.ts'
import { packReply } from './core/doors/packed-reply.ts'
import { trainingRoom } from './training/training-room.ts'

/* The thread in which the core lives. The door's main thread only routes messages to and from here. */
const port = parentPort
if (port === null) throw new Error('the core runs in a worker thread only')
const post = (message: FromCore): void => port.postMessage(message)

const { options, hasKeyStore } = workerData as CoreThreadData
const proxies = doorProxies((id, origin) => post({ from: 'proxy', id, origin }))
const keyStore = hasKeyStore ? new DistantKeyStore(post) : undefined
port.on('message', (message: ToCore) => {
  // Before the rest is there: a key store may be asked while the office opens.
  if (message.to === 'key-store') keyStore?.take(message)
})
const core = opened()
await core.start().catch(explain)

const answerer = new Answerer(
  core,
  (client, reply) => post({ from: 'reply', client, reply: packReply(reply) }),
  (error) => console.error(error),
)

core.onOfferedLink((url) => post({ from: 'link', url }))

port.on('message', (message: ToCore) => {
  switch (message.to) {
    case 'request':
      answerer.handle(message.client, message.request)
      break
    case 'client-gone':
      answerer.forget(message.client)
      break
    case 'power':
      core.findOffice()?.http.reportPowerEvent(message.event)
      break
    case 'proxy':
      proxies.learn(message.id, message.decision)
      break
    case 'close':
      void core.close().finally(() => {
        post({ from: 'closed' })
        port.close()
      })
      break
  }
})

post({ from: 'ready' })

function opened(): Core {
  try {
    return new Core(options, trainingRoom, undefined, {
      proxyFor: proxies.find,
      tellWork: (work) => post({ from: 'work', work }),
      install: (order) => post({ from: 'install', order }),
      ...(keyStore === undefined ? {} : { keyStore }),
    })
  } catch (error) {
    return explain(error)
  }
}

/** The door gets only the text of what stops the thread, so the text says all that a fault knows. */
function explain(error: unknown): never {
  if (!(error instanceof OfficeError)) throw error
  const { code, params } = error.fault
  const known = Object.entries(params).map(([name, value]) => `${name}: ${value}`)
  throw new Error([code, ...known].join('\n'), { cause: error })
}
