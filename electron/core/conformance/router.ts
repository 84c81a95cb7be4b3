import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { SandboxPayment } from '../../../shared/model/conformance.ts'
import { Id } from '../../../shared/model/record.ts'
import { parseFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { officerProcedure, roleProcedure, router } from '../api/procedure.ts'
import { openOfficerKey } from '../identity/officer-keys.ts'
import { checkTrustedManager } from '../identity/trust.ts'
import { endpointDigest } from './endpoint-digest.ts'

export const conformanceRouter = router({
  /** The latest report of a manager; null before the first. */
  latest: officerProcedure.input(z.object({ managerId: Id })).query(({ ctx, input }) => {
    const report = ctx.office.selfTests.findLatest(input.managerId)
    if (report === undefined) return null
    const settings = ctx.office.store.get('paymentManager', input.managerId)
    return { ...report, isForTheseSettings: report.endpointDigest === endpointDigest(settings) }
  }),

  /**
   * Tests a payment system: says that it began, since from there on nothing stands in the way, then each finding as it comes. With
   * a sandbox account test money leaves, so the PIN is asked.
   */
  run: roleProcedure('administrator')
    .input(
      z.object({
        managerId: Id,
        sandbox: SandboxPayment.extend({ pin: z.string().max(64) }).nullable(),
      }),
    )
    .subscription(async function* ({ ctx, input, signal }) {
      const { store, selfTests } = ctx.office
      const { managerId } = input
      // Before anything is asked: the secret must not go to an address that no administrator signed.
      await checkTrustedManager(store, store.get('paymentManager', managerId))
      let sandbox: SandboxPayment | null = null
      if (input.sandbox !== null) {
        selfTests.checkSending()
        const { pin, ...account } = input.sandbox
        const address = parseFinancialAddress(account.payeeAddress)
        if (!address.ok) fail(address.error.code, address.error.params)
        await openOfficerKey(store, ctx.officer.id, pin)
        sandbox = account
      }
      yield { kind: 'begun' as const }
      const order = { managerId, officerId: ctx.officer.id, sandbox }
      for await (const found of selfTests.run(order, signal ?? new AbortController().signal)) {
        yield { kind: 'found' as const, found }
      }
    }),
})
