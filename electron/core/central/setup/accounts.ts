import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import { districtRoles, officeUser, receiverUser } from './district-names.ts'
import type { CentralServer } from './server.ts'

/** A user of the server, with its password only when that was made just now. */
export interface Account {
  readonly kind: 'office' | 'receiver'
  readonly user: string
  readonly password: string | null
  readonly outcome: 'made' | 'changed' | 'kept'
}

const User = z.object({
  _rev: z.string(),
  roles: z.array(z.string()),
  /** Names of districts and offices run together in a user's name; this tells them apart. */
  g2pDistrict: z.string().optional(),
})

const pathOf = (user: string): string => `/_users/${encodeURIComponent(`org.couchdb.user:${user}`)}`

/** 192 bits, in characters that need no quoting anywhere. */
const newPassword = (): string => randomBytes(24).toString('base64url')

interface Wanted {
  readonly district: string
  readonly user: string
  readonly roles: readonly string[]
}

async function putUser(server: CentralServer, { district, user, roles }: Wanted, rev: string | null): Promise<string> {
  const password = newPassword()
  await server.put(user, pathOf(user), {
    ...(rev === null ? {} : { _rev: rev }),
    _id: `org.couchdb.user:${user}`,
    name: user,
    type: 'user',
    roles,
    password,
    g2pDistrict: district,
  })
  return password
}

async function findUser(server: CentralServer, { district, user }: Pick<Wanted, 'district' | 'user'>) {
  const found = await server.find(user, pathOf(user), User)
  if (found !== undefined && found.g2pDistrict !== district) fail('central-setup.user-of-another', { user })
  return found
}

async function addUser(
  server: CentralServer,
  kind: Account['kind'],
  wanted: Wanted,
  renew: boolean,
  removed: () => never,
): Promise<Account> {
  const { user } = wanted
  const known = await findUser(server, wanted)
  if (known === undefined) return { kind, user, password: await putUser(server, wanted, null), outcome: 'made' }
  if (renew) return { kind, user, password: await putUser(server, wanted, known._rev), outcome: 'changed' }
  if (known.roles.length === 0) return removed()
  return { kind, user, password: null, outcome: 'kept' }
}

/**
 * Lets an office in. One that is known keeps its password unless it is to be renewed.
 *
 * @throws OfficeError `central-setup.office-invalid`, `-.user-of-another`, `-.office-removed`
 */
export function addOffice(server: CentralServer, district: string, office: string, renew: boolean): Promise<Account> {
  const wanted = { district, user: officeUser(district, office), roles: [districtRoles(district).office] }
  return addUser(server, 'office', wanted, renew, () => fail('central-setup.office-removed', { office }))
}

/** Lets the callback receiver at the centre in. @throws OfficeError `central-setup.user-of-another` */
export function addReceiver(server: CentralServer, district: string, renew: boolean): Promise<Account> {
  const user = receiverUser(district)
  const wanted = { district, user, roles: [districtRoles(district).receiver] }
  return addUser(server, 'receiver', wanted, renew, () => fail('central-setup.user-of-another', { user }))
}

/**
 * Shuts an office out: its user stays, without roles and with a password that nobody knows, which ends its sessions too.
 *
 * @throws OfficeError `central-setup.office-invalid`, `-.no-such-office`, `-.user-of-another`
 */
export async function removeOffice(server: CentralServer, district: string, office: string): Promise<Account> {
  const user = officeUser(district, office)
  const known = (await findUser(server, { district, user })) ?? fail('central-setup.no-such-office', { office })
  if (known.roles.length === 0) return { kind: 'office', user, password: null, outcome: 'kept' }
  await putUser(server, { district, user, roles: [] }, known._rev)
  return { kind: 'office', user, password: null, outcome: 'changed' }
}
