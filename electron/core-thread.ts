import { parentPort, workerData } from 'node:worker_threads'
import { Answerer } from './core/api/answer.ts'
import { Core } from './core/core.ts'
import type { CoreOptions, FromCore, ToCore } from './core/core-thread-handle.ts'
import { trainingRoom } from './training/training-room.ts'

/* The thread in which the core lives. The door's main thread only routes messages to and from here. */
const port = parentPort
if (port === null) throw new Error('the core runs in a worker thread only')
const post = (message: FromCore): void => port.postMessage(message)

const options = workerData as CoreOptions
const core = new Core(options, trainingRoom)
await core.start()

const answerer = new Answerer(
  core,
  (client, reply) => post({ from: 'reply', client, reply }),
  (error) => console.error(error),
)

port.on('message', (message: ToCore) => {
  switch (message.to) {
    case 'request':
      answerer.handle(message.client, message.request)
      break
    case 'client-gone':
      answerer.forget(message.client)
      break
    case 'power':
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
