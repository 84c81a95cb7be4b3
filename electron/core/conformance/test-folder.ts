import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import type { SandboxPayment } from '../../../shared/model/conformance.ts'
import type { SelfTestResult } from '../channels/self-test.ts'
import { systemTime } from '../clock/office-time.ts'
import { openDispatch } from '../dispatch/open-dispatch.ts'
import { ASKS_NOBODY } from '../dispatch/payee-addresses.ts'
import { createHttp } from '../http/http.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { Sessions } from '../identity/sessions.ts'
import { checkTrustedManager } from '../identity/trust.ts'
import { holdDirectory } from '../store/directory-lock.ts'
import { OFFICE, Store } from '../store/store.ts'
import { hasKeyFile, openKeyFile } from '../vault/key-file.ts'
import { SelfTests } from './self-tests.ts'

export interface FolderTest {
  readonly dataDirectory: string
  readonly managerId: string
  readonly passphrase: string | undefined
  /** Test money leaves only under the PIN of an administrator. */
  readonly sandbox: { readonly payment: SandboxPayment; readonly login: string; readonly pin: string } | null
}

/**
 * Tests a payment system of an office that is not open. Nothing that waits in the outbox is sent meanwhile: its jobs are not
 * started.
 *
 * @throws OfficeError `store.in-use`, `vault.no-office`, `store.not-found`, `vault.wrong-passphrase`, `identity.wrong-pin`, `identity.signature-invalid`,
 * and what {@link SelfTests.run} throws
 */
export async function testFolder(
  { dataDirectory, managerId, passphrase, sandbox }: FolderTest,
  onFound: (found: SelfTestResult) => void,
): Promise<readonly SelfTestResult[]> {
  const directory = join(dataDirectory, 'office')
  if (!hasKeyFile(directory)) fail('vault.no-office', { folder: directory })
  const release = holdDirectory(dataDirectory)
  try {
    const store = new Store({
      file: join(directory, 'office.db'),
      key: { bytes: await openKeyFile(directory, passphrase) },
    })
    const sessions = new Sessions(store, { usualAutoLock: 0 })
    const http = createHttp()
    const sending = openDispatch({ store, directory, http, sessions, training: false, addresses: ASKS_NOBODY })
    try {
      await checkTrustedManager(store, store.get('paymentManager', managerId))
      const officerId = sandbox === null ? OFFICE : await administratorId(store, sandbox)
      const tests = new SelfTests({
        store,
        http,
        time: systemTime,
        clockGuard: sending.clockGuard,
        guard: sending.guard,
        selfTestOf: sending.selfTestOf,
      })
      const results: SelfTestResult[] = []
      const order = { managerId, officerId, sandbox: sandbox?.payment ?? null }
      for await (const found of tests.run(order, new AbortController().signal)) {
        results.push(found)
        onFound(found)
      }
      return results
    } finally {
      await sending.close()
      http.close()
      sessions.close()
      store.close()
    }
  } finally {
    release()
  }
}

async function administratorId(store: Store, { login, pin }: NonNullable<FolderTest['sandbox']>): Promise<string> {
  const id = store
    .sql("SELECT id FROM officer WHERE lower(login) = lower(?) AND removed = 0 AND state = 'active'")
    .pluck()
    .get(login) as string | undefined
  const officer = id === undefined ? undefined : store.get('officer', id)
  if (!officer?.roles.includes('administrator')) return fail('api.not-your-role')
  await openOfficerKey(store, officer.id, pin)
  return officer.id
}
