import { Core, type TrainingRoom } from '../../../electron/core/core.ts'

/* Makes a real office in a folder, in a process that may be killed meanwhile. */

const noRoom: TrainingRoom = {
  furnish: async () => undefined,
  sample: () => '',
  enter: async () => ({ origins: () => [], leave: async () => undefined }),
  pins: {},
}

const [dataDirectory = '', passphrase = '', pin = ''] = process.argv.slice(2)
const core = new Core({ dataDirectory, door: 'test' }, noRoom)
await core.start()
await core.createOffice({
  officeName: 'District office',
  passphrase,
  soleOffice: true,
  officer: { name: 'Almaz Bekele', login: 'almaz', pin },
})
await core.close()
