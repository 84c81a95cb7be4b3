import type { JWK } from 'jose'
import type { SignInProviderSettings } from '../../../../shared/model/sign-in-provider.ts'
import { ADMIN_PIN, newOffice, type OpenOffice, officerNamed } from '../../open-office.ts'
import { Browser, type Client, clientFor, Esignet, freePorts, land } from './esignet.ts'
import { settingsFor } from './provider-settings.ts'

export interface LinkedOffice {
  readonly office: OpenOffice
  readonly esignet: Esignet
  readonly providerId: string
  readonly admin: string
  close(): Promise<void>
}

export interface ProviderView {
  readonly id: string
  readonly changedAt: string
  readonly keys: readonly { readonly keyId: string; readonly publicKey: JWK }[]
  readonly ports: number[]
}

/** An office, a new one or the one that is given, whose officers sign in at an e-Signet on this machine. */
export async function linkedOffice(
  changed: Partial<SignInProviderSettings> = {},
  client: Partial<Client> = {},
  known?: { readonly office: OpenOffice; readonly admin: string },
): Promise<LinkedOffice> {
  const esignet = await Esignet.start()
  const { office, admin } = known ?? (await newOffice())
  const { id, registered } = await addProvider(office, esignet, changed, client)
  esignet.register(registered)
  return {
    office,
    esignet,
    providerId: id,
    admin,
    async close() {
      if (known === undefined) await office.close()
      await esignet.close()
    },
  }
}

/** An administrator enters a provider. @returns its id, and the client that has to be registered there */
export async function addProvider(
  office: OpenOffice,
  esignet: Esignet,
  changed: Partial<SignInProviderSettings> = {},
  client: Partial<Client> = {},
): Promise<{ readonly id: string; readonly registered: Client }> {
  const ports = await freePorts(2)
  const settings = settingsFor(esignet, ports, changed)
  const { id } = await office.get<ProviderView>('signIn.save', { id: null, basedOn: null, pin: ADMIN_PIN, settings })
  const view = await office.get<ProviderView>('signIn.makeKeys', { id })
  if (client.secret !== undefined) await office.get('signIn.setSecret', { id, secret: client.secret })
  return {
    id,
    registered: { ...clientFor(settings, view.keys), ...client },
  }
}

export interface Begun {
  readonly attemptId: string
  readonly url: string
}

/** Begins at a window, goes through the provider's pages, and comes back; `tamper` changes what the browser brings. */
export async function goThrough(
  { office }: LinkedOffice,
  begun: Begun,
  window: string,
  { browser = new Browser(), tamper = (came: URL): URL => came } = {},
): Promise<{ readonly code: string; readonly value: Record<string, unknown> }> {
  const finish = office.ask('signIn.finish', { attemptId: begun.attemptId }, window)
  const came = await browser.open(begun.url)
  if (came === undefined) throw new Error('the provider sent nobody back')
  await land(tamper(came))
  const answer = await finish
  return answer.ok
    ? { code: 'fine', value: answer.value as Record<string, unknown> }
    : { code: answer.error.code, value: answer.error.params }
}

export const begin = ({ office, providerId }: LinkedOffice, window: string): Promise<Begun> =>
  office.get<Begun>('signIn.begin', { providerId, language: 'en' }, window)

/** Signs in at a window, whatever comes of it. */
export async function signIn(linked: LinkedOffice, window: string, how: Parameters<typeof goThrough>[3] = {}) {
  return goThrough(linked, await begin(linked, window), window, how)
}

/** Signs in somebody new, who chooses this PIN, and whom the administrator makes an officer with these roles. */
export async function admit(
  linked: LinkedOffice,
  { user, roles, pin }: { readonly user: string; readonly roles: readonly string[]; readonly pin: string },
): Promise<string> {
  const { office, esignet } = linked
  esignet.ways.user = user
  const begun = await begin(linked, user)
  await goThrough(linked, begun, user)
  await office.get('signIn.askIn', { attemptId: begun.attemptId, name: `Officer ${user}`, pin }, user)
  const [applicant] = await office.get<{ id: string }[]>('signIn.applicants')
  await office.get('signIn.approve', {
    applicantId: applicant?.id,
    pin: ADMIN_PIN,
    name: `Officer ${user}`,
    login: user,
    roles,
  })
  return (await officerNamed(office, user)).id
}
