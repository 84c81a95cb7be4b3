import { fail } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { type FormAddress, findFormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import { nextWindow, type Window, windowFilter, windowOfDays } from '../../../../shared/rules/tokenisation/windows.ts'
import type { Http } from '../../http/http.ts'
import type { Store } from '../../store/store.ts'
import { findSecret } from '../../vault/secrets.ts'
import { CentralClient, type FormCount } from './central-client.ts'
import { type IntakeCounts, readMark, takeIn } from './intake.ts'

/** Rows in one page: a few hundred kilobytes. */
const PAGE = 200

/** What reading a form brought. */
export interface FormReading extends IntakeCounts {
  /** How many submissions the window held; 0 is nothing new. */
  readonly count: number
}

/** @throws OfficeError `odk.form-not-named`, `odk.password-missing` */
export function openForm(
  store: Store,
  http: Http,
  connector: Pick<Connector, 'id' | 'odk'>,
  signal?: AbortSignal,
): { readonly client: CentralClient; readonly form: FormAddress } {
  const form = findFormAddress(connector.odk)
  if (form === undefined) fail('odk.form-not-named')
  const password = findSecret(store, 'connector-password', connector.id)
  if (password === undefined) fail('odk.password-missing')
  const account = { email: connector.odk.email, password }
  return { client: new CentralClient(http, form.baseUrl, account, signal), form }
}

/** The window that is read next. */
export function windowOf(store: Store, connector: Connector): Window {
  const { jobType, startDate, endDate, odk, id } = connector
  if (jobType === 'one-time') return windowOfDays(startDate, endDate)
  const newest = store.findMark(readMark(id)) ?? null
  return newest === null || newest === '' ? windowOfDays(startDate, null) : nextWindow(newest, odk.overlapMinutes)
}

/** Asks Central how much the next window holds; nothing about anybody is read. */
export async function countForm(
  store: Store,
  http: Http,
  connector: Connector,
  signal?: AbortSignal,
): Promise<FormCount> {
  const { client, form } = openForm(store, http, connector, signal)
  try {
    return await client.count(form, windowFilter(windowOf(store, connector), connector.odk))
  } finally {
    await client.logOut()
  }
}

/**
 * Reads a window of a form page by page and takes it in. How far it was read is written down once all of it was: a reading that
 * breaks off begins again, and what came twice changes nothing.
 *
 * @param now epoch milliseconds
 * @throws OfficeError those of {@link CentralClient}
 */
export async function readForm(
  store: Store,
  http: Http,
  officerId: string,
  connector: Connector,
  now: number,
  signal?: AbortSignal,
): Promise<FormReading> {
  const { client, form } = openForm(store, http, connector, signal)
  const filter = windowFilter(windowOf(store, connector), connector.odk)
  const sum = { count: 0, unchanged: 0, registered: 0, matched: 0, doubtful: 0, refused: 0, proposals: 0 }
  let newest = store.findMark(readMark(connector.id)) ?? ''
  try {
    let page = await client.firstPage(form, filter, PAGE)
    for (;;) {
      signal?.throwIfAborted()
      const { counts, newest: ofPage } = await takeIn(store, officerId, connector, page.rows, now)
      for (const [name, count] of Object.entries(counts)) sum[name as keyof IntakeCounts] += count
      sum.count += page.rows.length
      if (ofPage !== null && ofPage > newest) newest = ofPage
      if (page.next === null) break
      page = await client.nextPage(page.next, form)
    }
  } finally {
    await client.logOut()
  }
  if (connector.jobType === 'recurring' && newest !== '') {
    store.housekeeping((_, mark) => mark(readMark(connector.id), newest))
  }
  return sum
}

/** Lets the next run look at everything once more. */
export const forgetReading = (store: Store, officerId: string, connectorId: string): void =>
  store.transaction(officerId, (transaction) => {
    transaction.mark(readMark(connectorId), '')
    transaction.audit({ action: 'odk.rescan-asked', subjectKind: 'connector', subjectId: connectorId })
  })
