import type { PersonCheckView } from '../../../shared/contract/person-check.ts'
import type { SignInProviderSettings } from '../../../shared/model/sign-in-provider.ts'
import { Esignet } from '../identity/openid/esignet.ts'
import { addProvider, type Begun, goThrough, type LinkedOffice } from '../identity/openid/linked-office.ts'
import { hire, newOffice, type OpenOffice } from '../open-office.ts'
import { CLERK } from '../registry/clerk-office.ts'

/** An office with two providers at one e-Signet: by `providerId` officers sign in, by `tableId` registrants show who they are. */
export interface TableOffice extends LinkedOffice {
  readonly tableId: string
}

export const TYPE = 'ESIGNET_PSUT'

export async function tableOffice(changed: Partial<SignInProviderSettings> = {}): Promise<TableOffice> {
  const esignet = await Esignet.start()
  const { office, admin } = await newOffice()
  await hire(office, CLERK, ['clerk'], '271828')
  const officers = await addProvider(office, esignet)
  const table = await addProvider(office, esignet, {
    serves: 'registrants',
    name: 'National ID at the table',
    clientId: 'field-office-table',
    ...changed,
  })
  esignet.register(officers.registered, table.registered)
  const close = async (): Promise<void> => {
    await office.close()
    await esignet.close()
  }
  return { office, esignet, admin, providerId: officers.id, tableId: table.id, close }
}

export const beginCheck = ({ office, tableId }: TableOffice, registrantId: string, window = CLERK): Promise<Begun> =>
  office.get<Begun>('personCheck.begin', { registrantId, providerId: tableId, language: 'en' }, window)

/** A registrant goes to the provider and comes back, whatever comes of it. */
export async function goToTable(table: TableOffice, registrantId: string, how: Parameters<typeof goThrough>[3] = {}) {
  return goThrough(table, await beginCheck(table, registrantId), CLERK, how)
}

export const viewOf = ({ office }: { office: OpenOffice }, registrantId: string): Promise<PersonCheckView> =>
  office.get<PersonCheckView>('personCheck.view', { registrantId }, CLERK)

/** The registrant shows who they are, and the officer sees it. */
export async function check(table: TableOffice, registrantId: string): Promise<PersonCheckView> {
  const { code, value } = await goToTable(table, registrantId)
  if (code !== 'fine') throw new Error(`${code} ${JSON.stringify(value)}`)
  return viewOf(table, registrantId)
}
