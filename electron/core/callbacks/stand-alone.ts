import { z } from 'zod'
import { fail, OfficeError, type Result } from '../../../shared/contract/result.ts'
import type { Http } from '../http/http.ts'
import type { CallerKind } from './caller.ts'
import type { CentralRoute, CouchInbox } from './couch-inbox.ts'
import { openReceiver, type Receiver, type ReceiverOptions } from './receiver.ts'

/** How often the paths that offices gave out are read anew, milliseconds. */
const ROUTES_EVERY = 60_000

/** Paths in a file, for a centre that does not take them from the inbox: no secret in it. */
export const RoutesFile = z.array(
  z.object({
    /** SHA-256 of the secret, hexadecimal. */
    secretHash: z.string().regex(/^[0-9a-f]{64}$/),
    caller: z.string().min(1).max(100),
    owner: z.string().min(1).max(200),
    /** Installation of the office that collects. */
    office: z.string().min(1).max(100),
  }),
)
export type RoutesFile = z.infer<typeof RoutesFile>

export interface StandAloneOptions extends Pick<ReceiverOptions, 'bindAddress' | 'port' | 'tls' | 'report' | 'limits'> {
  readonly http: Http
  readonly inbox: CouchInbox
  readonly callers: readonly CallerKind[]
  /** Beside those of the inbox. */
  readonly routes: RoutesFile
}

export interface StandAlone extends Receiver {
  /** Reads the paths of the inbox now. */
  readRoutes(): Promise<Result<number>>
}

/**
 * The receiver alone, where no office is: each call goes raw into the inbox database and is acknowledged once it is safe there.
 * It knows secret paths by their hashes and verifies nothing, so that whoever breaks in can neither call nor be believed.
 *
 * @throws OfficeError those of the receiver, and `callback.inbox-*`, `http.*` when the inbox cannot be read
 */
export async function openStandAlone(options: StandAloneOptions): Promise<StandAlone> {
  const { inbox, callers, report } = options
  const given = options.routes.map(
    (route): CentralRoute => ({ ...route, secretHash: Buffer.from(route.secretHash, 'hex') }),
  )
  let known: readonly CentralRoute[] = given
  const readRoutes = async (): Promise<Result<number>> => {
    const read = await inbox.routes()
    if (!read.ok) return read
    known = [...given, ...read.value]
    return { ok: true, value: known.length }
  }
  const first = await readRoutes()
  if (!first.ok) throw new OfficeError(first.error)

  const receiver = await openReceiver({
    ...options,
    callers: new Map(callers.map((kind) => [kind.kind, kind])),
    routes: () => known,
    now: Date.now,
    async keep(call, route): Promise<'kept'> {
      const office = known.find((one) => one === route)?.office
      const kept = await inbox.keep(office ?? fail('callback.no-address'), call)
      if (!kept.ok) throw new OfficeError(kept.error)
      return 'kept'
    },
  })
  // What cannot be read now is read the next time; the paths of before still hold.
  const timer = setInterval(() => void readRoutes().catch(report), ROUTES_EVERY)
  return {
    port: receiver.port,
    readRoutes,
    async close() {
      clearInterval(timer)
      await receiver.close()
      options.http.close()
    },
  }
}
