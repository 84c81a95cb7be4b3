import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Answerer } from '../../electron/core/api/answer.ts'
import { Core, type TrainingRoom } from '../../electron/core/core.ts'
import type { CoreOptions } from '../../electron/core/core-thread-handle.ts'
import type { KeyStore } from '../../electron/core/doors/key-store.ts'
import type { BridgeReply } from '../../shared/contract/bridge.ts'
import type { Result } from '../../shared/contract/result.ts'

/** An empty training office: these tests are about the real one. */
const emptyRoom: TrainingRoom = {
  furnish: async () => undefined,
  sample: () => '',
  enter: async () => ({ origins: () => [], leave: async () => undefined }),
  pins: {},
}

/** A system without a key ring, whatever the machine of the tests has. */
const noKeyStore: KeyStore = {
  findBackEnd: async () => undefined,
  seal: () => Promise.reject(new Error('no key store')),
  open: () => Promise.reject(new Error('no key store')),
}

export type OpenOfficeOptions = Partial<CoreOptions> & { readonly keyStore?: KeyStore }

export const PASSPHRASE = 'a long enough passphrase'

/** The API of a core over a data folder of its own, asked as a window would. */
export class OpenOffice {
  readonly directory: string
  readonly core: Core
  readonly faults: unknown[] = []
  readonly #answerer: Answerer
  readonly #waiting = new Map<number, (reply: BridgeReply) => void>()
  #lastId = 0

  constructor({ keyStore = noKeyStore, ...options }: OpenOfficeOptions = {}) {
    this.directory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'field-office-'))
    this.core = new Core({ door: 'test', ...options, dataDirectory: this.directory }, emptyRoom, undefined, {
      keyStore,
    })
    this.#answerer = new Answerer(
      this.core,
      (_, reply) => this.#waiting.get(reply.id)?.(reply),
      (error) => void this.faults.push(error),
    )
  }

  ask(path: string, input?: unknown, window = 'window'): Promise<Result<unknown>> {
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, (reply) => {
        if (reply.kind === 'result') resolve(reply.result)
      })
      this.#answerer.handle(window, { kind: 'call', id, path, input })
    })
  }

  /** @throws when the answer is a fault */
  async get<T>(path: string, input?: unknown, window = 'window'): Promise<T> {
    const answer = await this.ask(path, input, window)
    if (!answer.ok) throw new Error(`${path}: ${answer.error.code} ${JSON.stringify(answer.error.params)}`)
    return answer.value as T
  }

  /** The code of the fault, or 'fine'. */
  async codeOf(path: string, input?: unknown, window = 'window'): Promise<string> {
    const answer = await this.ask(path, input, window)
    return answer.ok ? 'fine' : answer.error.code
  }

  /** Follows a subscription; `ended` tells with which code. */
  follow(path: string, window = 'window', input?: unknown): { events: unknown[]; ended: Promise<string> } {
    this.#lastId += 1
    const id = this.#lastId
    const events: unknown[] = []
    const ended = new Promise<string>((resolve) => {
      this.#waiting.set(id, (reply) => {
        if (reply.kind === 'event') events.push(reply.data)
        if (reply.kind === 'end') resolve(reply.result.ok ? 'fine' : reply.result.error.code)
      })
    })
    this.#answerer.handle(window, { kind: 'subscribe', id, path, input })
    return { events, ended }
  }

  async close({ keep = false } = {}): Promise<void> {
    await this.core.close()
    if (!keep) rmSync(this.directory, { recursive: true, force: true })
  }
}

export interface ListedOfficer {
  readonly id: string
  readonly changedAt: string
  readonly name: string
  readonly login: string
  readonly roles: readonly string[]
  readonly state: string
  readonly sponsors: readonly string[]
  readonly trusted: boolean
  readonly hasKey: boolean
  readonly firstPin: boolean
  readonly resetBy: string | null
}

export const ADMIN_PIN = '482915'

/** A real office with its first administrator signed in at `window`. */
export async function newOffice(options: OpenOfficeOptions = {}): Promise<{ office: OpenOffice; admin: string }> {
  const office = new OpenOffice(options)
  await office.core.start()
  await office.get('setup.create', {
    officeName: 'District office',
    passphrase: PASSPHRASE,
    officer: { name: 'Almaz Bekele', login: 'almaz', pin: ADMIN_PIN },
  })
  const { officers } = await office.get<{ officers: { id: string }[] }>('setup.status')
  const admin = officers[0]?.id as string
  await office.get('session.signIn', { officerId: admin, pin: ADMIN_PIN })
  return { office, admin }
}

/** Adds an officer who has already changed the first PIN to `pin`, signed in at a window named by the login. */
export async function hire(office: OpenOffice, login: string, roles: readonly string[], pin: string): Promise<string> {
  const { id } = await office.get<ListedOfficer>('officers.create', {
    name: `Officer ${login}`,
    login,
    roles,
    firstPin: '730164',
    pin: ADMIN_PIN,
  })
  await office.get('session.signIn', { officerId: id, pin: '730164' }, login)
  await office.get('session.changePin', { pin: '730164', newPin: pin }, login)
  return id
}

export async function officerNamed(office: OpenOffice, login: string, window = 'window'): Promise<ListedOfficer> {
  const list = await office.get<ListedOfficer[]>('officers.list', undefined, window)
  const found = list.find((officer) => officer.login === login)
  if (found === undefined) throw new Error(`no officer ${login}`)
  return found
}
