import { Core, type TrainingRoom } from '../../../electron/core/core.ts'
import { newRecoveryKey } from '../../../electron/core/vault/key-file.ts'

/* Replaces the key of an office again and again, in a process that may be killed meanwhile. */

const noRoom: TrainingRoom = {
  furnish: async () => undefined,
  sample: () => '',
  enter: async () => ({ origins: () => [], leave: async () => undefined }),
  pins: {},
}

const [dataDirectory = '', passphrase = '', officerId = ''] = process.argv.slice(2)
const core = new Core({ dataDirectory, door: 'test', passphrase }, noRoom)
await core.start()
process.stdout.write('open\n')
for (;;) {
  const made = newRecoveryKey(core.getOffice().directory, Date.now())
  await core.replaceKey({ officerId, passphrase, recoveryKey: { ...made, provenAt: Date.now() } })
}
