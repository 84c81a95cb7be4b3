import type { Fault } from '../../../shared/contract/result.ts'
import type { DeliveryAdvice } from '../../../shared/contract/tokenisation.ts'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { findBaseAddress } from '../callbacks/settings.ts'
import { isLoopback } from '../http/connection.ts'
import type { Office } from '../office.ts'
import { findFormatFault } from './mts/seeder.ts'
import { askSeeder } from './mts/seeder-request.ts'

type Way = DeliveryAdvice['download']

const works: Way = { works: true, fault: null }
const fails = (code: Fault['code'], params: Fault['params'] = {}): Way => ({
  works: false,
  fault: { code, params },
})

/** Which way answers can come here: what this office is set to, and what the seeder says to a question that costs nothing. */
export async function adviseDelivery(
  { callbacks, http }: Pick<Office, 'callbacks' | 'http'>,
  { mtsUrl }: Pick<ConnectorSettings, 'mtsUrl'>,
  asks: boolean,
): Promise<DeliveryAdvice> {
  const { settings, listening } = callbacks
  const base = findBaseAddress(settings)
  const seederIsHere = isLoopback(URL.parse(mtsUrl)?.hostname ?? '')
  // Nobody else reaches an address of this machine alone.
  const isReachable = base !== undefined && (seederIsHere || !isLoopback(new URL(base).hostname))
  const office =
    settings.on && listening.state === 'listening' && isReachable ? works : fails('tokenisation.cannot-be-called')
  const centre = settings.inbox !== null && isReachable ? works : fails('tokenisation.no-centre')
  const seeder = asks ? await ping(http, mtsUrl) : null
  const download: Way = seeder === null || seeder.reached ? works : { works: false, fault: seeder.fault }
  return { download, office, centre, advised: 'download', seeder }
}

async function ping(http: Office['http'], mtsUrl: string): Promise<NonNullable<DeliveryAdvice['seeder']>> {
  const answer = await askSeeder(http, mtsUrl, { method: 'GET', path: '/ping' }, undefined)
  if (answer.kind !== 'answered') return { reached: false, fault: answer.fault }
  if (answer.status === 200 && answer.text.includes('pong')) {
    const fault = (await findFormatFault(http, mtsUrl, Date.now())) ?? null
    return { reached: fault === null, fault }
  }
  return { reached: false, fault: { code: 'tokenisation.not-a-seeder', params: { status: answer.status } } }
}
