import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { Behaviour } from './behaviour.ts'
import { ControlOrder, type LedgerPage, type PeerSummary } from './control-contract.ts'
import { summarise } from './ledger-summary.ts'
import type { PaymentSystem } from './payment-system.ts'
import { readBody } from './wire.ts'

const LARGEST_PAGE = 5_000

/** Answers the control API: reads the ledger, changes behaviour and schedule. Only for who has the control token. */
export async function answerControl(
  system: PaymentSystem,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hasToken(request.headers.authorization, system.options.controlToken)) return answer(response, 401, {})
  const url = new URL(request.url ?? '', 'http://127.0.0.1')
  system.settle()
  if (request.method === 'GET' && url.pathname === '/control/summary') return answer(response, 200, summary(system))
  if (request.method === 'GET' && url.pathname === '/control/ledger') {
    const after = Number(url.searchParams.get('after') ?? 0)
    const limit = Math.min(LARGEST_PAGE, Number(url.searchParams.get('limit') ?? 500))
    return answer(response, 200, page(system, after, limit))
  }
  if (request.method !== 'POST' || url.pathname !== '/control') return answer(response, 404, {})
  const order = ControlOrder.safeParse(JSON.parse(await readBody(request)))
  if (!order.success) return answer(response, 400, { error: z.prettifyError(order.error) })
  obey(system, order.data)
  answer(response, 200, summary(system))
}

function obey(system: PaymentSystem, order: z.output<typeof ControlOrder>): void {
  if (order.behaviour !== undefined) {
    const given = Object.entries(order.behaviour).filter(([, value]) => value !== undefined)
    system.behaviour = Behaviour.parse({ ...system.behaviour, ...Object.fromEntries(given) })
  }
  if (order.rules !== undefined) system.faults.setRules(order.rules)
  if (order.script !== undefined) system.faults.script(order.script)
  if (order.hold === true) system.clock.hold()
  if (order.hold === false) system.clock.release()
  if (order.advance !== undefined) system.clock.advance(order.advance)
  system.settle()
  if (order.reverse !== undefined) reverse(system, order.reverse)
  if (order.rotateKeys === true) system.security.keys.rotate()
  if (order.revokeTokens === true) system.authorisation.revokeAll()
}

function reverse(system: PaymentSystem, references: readonly string[]): void {
  const at = system.clock.now()
  const code = 'rjct.payment.reversed'
  const paid = references.filter((referenceId) => (system.ledger.findEntry(referenceId)?.paidCount ?? 0) > 0)
  system.ledger.append(
    paid.map((referenceId) => ({
      kind: 'step' as const,
      referenceId,
      at,
      step: { id: system.ledger.nextStepId(), at, do: 'reverse' as const, code },
    })),
  )
}

function page(system: PaymentSystem, after: number, limit: number): LedgerPage {
  const all = system.ledger.entries()
  const entries = all.slice(after, after + limit)
  const last = entries.at(-1)
  return { entries, next: last === undefined || last.position >= all.length ? null : last.position }
}

function summary(system: PaymentSystem): PeerSummary {
  const used = process.cpuUsage()
  return {
    ...summarise(system.ledger.entries()),
    traffic: system.traffic,
    now: system.clock.now(),
    held: system.clock.isHeld(),
    processorTime: Math.round((used.user + used.system) / 1000),
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function hasToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
