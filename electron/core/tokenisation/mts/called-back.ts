import { timingSafeEqual } from 'node:crypto'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import type { CallResult, RawCall } from '../../callbacks/caller.ts'
import { parseJson } from '../../http/json.ts'
import { applyAnswers } from '../runs/apply-answers.ts'
import { applySceneOf, type RunParts, runSecret, tokenisationKey } from '../runs/run-scene.ts'
import { findRunById } from '../runs/run-store.ts'
import { readAnswers } from './answers.ts'
import { findCalledRun, findSession, hashOfRunSecret } from './mts-caller.ts'

const result = (outcome: CallResult['outcome'], code: CallResult['code'] = '', payments = 0): CallResult => ({
  outcome,
  code,
  payments,
  // It names people by their numbers.
  forget: true,
})

/** Constant in time, whatever the lengths. */
const isSameText = (one: string, other: string): boolean =>
  timingSafeEqual(hashOfRunSecret(one), hashOfRunSecret(other))

/**
 * Applies a kept call of a seeder: a log-in is believed when it shows the run's own password, answers when they came to the
 * run's own address with what its connector asks for.
 */
export async function applyMtsCall(
  parts: RunParts,
  call: RawCall,
  onNews: (connectorId: string) => void,
): Promise<CallResult> {
  const { store } = parts
  const called = findCalledRun(call.path)
  const run = called === undefined ? undefined : findRunById(store, called.runId)
  const connector = store.find('connector', call.owner)
  if (called === undefined || run === undefined || connector === undefined || run.connectorId !== connector.id) {
    return result('refused', 'callback.not-understood')
  }
  const key = tokenisationKey(store)
  const expected = hashOfRunSecret(runSecret(key, run.id, 'address'))
  const isKnown = called.secretHash.length === expected.length && timingSafeEqual(called.secretHash, expected)
  if (!isKnown) return result('refused', 'tokenisation.call-not-believed')
  const password = runSecret(key, run.id, 'password')
  if (called.what !== 'answers') {
    if (!showsPassword(call, connector, password)) return result('refused', 'tokenisation.call-not-believed')
    store.housekeeping((sql) =>
      sql('INSERT INTO token_session VALUES (?, ?) ON CONFLICT (id) DO NOTHING').run(call.id, run.id),
    )
    return result('nothing-new')
  }
  if (!isLetIn(parts, call, connector, run.id, password)) return result('refused', 'tokenisation.call-not-believed')
  const answers = readAnswers(call.body, call.headers['content-type'] ?? '')
  const { news, unusable } = await applyAnswers(applySceneOf(parts, connector, run.id), answers)
  onNews(connector.id)
  if (news > 0) return result('applied', '', news)
  return unusable > 0 ? result('failed', 'tokenisation.answer-unreadable') : result('repeated')
}

/** Whether a log-in shows what the run told the seeder. */
function showsPassword({ body, path }: RawCall, { callback }: Connector, password: string): boolean {
  const text = Buffer.from(body).toString('utf8')
  if (findCalledRun(path)?.what === 'token') {
    const form = new URLSearchParams(text)
    const shown = form.get('client_secret') ?? form.get('password') ?? ''
    return callback.authType === 'oauth' && isSameText(shown, password)
  }
  const parsed = parseJson(body, '')
  const params = (parsed.ok ? (parsed.value as { params?: unknown } | null)?.params : undefined) as
    | Readonly<Record<string, unknown>>
    | undefined
  const { db, login, password: shown } = params ?? {}
  return (
    callback.authType === 'odoo' &&
    db === callback.database &&
    login === callback.username &&
    typeof shown === 'string' &&
    isSameText(shown, password)
  )
}

function isLetIn(
  { store }: RunParts,
  call: RawCall,
  { callback }: Connector,
  runId: string,
  password: string,
): boolean {
  switch (callback.authType) {
    case 'none':
      // The address itself is secret.
      return true
    case 'staticBearer':
      return isSameText(call.headers.authorization ?? '', `Bearer ${password}`)
    case 'odoo':
    case 'oauth': {
      const session = findSession(call)
      if (session === undefined) return false
      return store.sql('SELECT 1 FROM token_session WHERE id = ? AND run_id = ?').get(session, runId) !== undefined
    }
  }
}
