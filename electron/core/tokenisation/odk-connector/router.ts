import { z } from 'zod'
import { submissionStates } from '../../../../shared/contract/odk.ts'
import { fail } from '../../../../shared/contract/result.ts'
import { Id } from '../../../../shared/model/record.ts'
import { OdkSettings } from '../../../../shared/model/tokenisation.ts'
import { findFormAddress } from '../../../../shared/rules/tokenisation/form-address.ts'
import { officerProcedure, roleProcedure, router } from '../../api/procedure.ts'
import type { Office } from '../../office.ts'
import { findSecret } from '../../vault/secrets.ts'
import { CentralClient } from './central-client.ts'
import { decideSubmission } from './decide-submission.ts'
import { previewForm } from './preview.ts'
import { decideProposal } from './proposals.ts'
import { countForm, forgetReading } from './read-form.ts'

const administrator = roleProcedure('administrator')
const clerk = roleProcedure('clerk')

/** A server and who asks it: the password as typed, or the one in the vault of a connector where it is null. */
const Asking = z.object({
  connectorId: Id.nullable(),
  password: z.string().max(1_000).nullable(),
  odk: OdkSettings,
})

/** Asks a server with an account and leaves it logged out. */
async function asking<T>(
  { store, http }: Pick<Office, 'store' | 'http'>,
  { connectorId, password, odk }: z.infer<typeof Asking>,
  question: (client: CentralClient) => Promise<T>,
): Promise<T> {
  const kept = connectorId === null ? undefined : findSecret(store, 'connector-password', connectorId)
  const secret = password ?? kept
  if (secret === undefined || secret === '') fail('odk.password-missing')
  const baseUrl = odk.baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '') || findFormAddress(odk)?.baseUrl
  if (baseUrl === undefined) fail('odk.form-not-named')
  const client = new CentralClient(http, baseUrl, { email: odk.email, password: secret })
  try {
    return await question(client)
  } finally {
    await client.logOut()
  }
}

const formOf = (odk: z.infer<typeof OdkSettings>) => findFormAddress(odk) ?? fail('odk.form-not-named')

export const odkRouter = router({
  /** The forms that an account may see at a server. */
  forms: administrator.input(Asking).query(({ ctx, input }) => asking(ctx.office, input, (client) => client.forms())),

  /** The questions of a form. */
  questions: administrator
    .input(Asking)
    .query(({ ctx, input }) => asking(ctx.office, input, (client) => client.questions(formOf(input.odk)))),

  /** The newest submissions as the mapping reads them; nothing is taken in. */
  preview: administrator
    .input(Asking.extend({ vidType: z.string().min(1).max(40) }))
    .query(({ ctx, input }) =>
      asking(ctx.office, input, (client) => previewForm(ctx.office.store, client, formOf(input.odk), input)),
    ),

  /** How much the next run would find; tells nothing new, a wrong password and an unknown form apart. */
  ask: officerProcedure.input(z.object({ connectorId: Id })).query(({ ctx, input, signal }) => {
    const { store, http } = ctx.office
    return countForm(store, http, store.get('connector', input.connectorId), signal)
  }),

  /** The next run looks at everything once more. */
  rescan: administrator.input(z.object({ connectorId: Id })).mutation(({ ctx, input }) => {
    const { store } = ctx.office
    const { id } = store.get('connector', input.connectorId)
    forgetReading(store, ctx.officer.id, id)
  }),

  submissions: officerProcedure
    .input(
      z.object({
        connectorId: Id.nullable(),
        state: z.enum(submissionStates).nullable(),
        after: z.string().max(200).nullable(),
        limit: z.int().min(1).max(500),
      }),
    )
    .query(({ ctx, input, signal }) => ctx.office.reader.run('odk.submissions', input, { signal })),

  counts: officerProcedure
    .input(z.object({ connectorId: Id.nullable() }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('odk.counts', input.connectorId, { signal })),

  /** Says whose a doubtful submission is. */
  decide: clerk
    .input(
      z.object({
        ref: z.string().min(1).max(64),
        verdict: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('same'), registrantId: Id }),
          z.object({ kind: z.literal('new') }),
          z.object({ kind: z.literal('ignore') }),
        ]),
      }),
    )
    .mutation(({ ctx, input }) => decideSubmission(ctx.office.store, ctx.officer.id, input, Date.now())),

  /** Fields that forms say other than the records. */
  proposals: officerProcedure
    .input(z.object({ registrantId: Id.nullable(), limit: z.int().min(1).max(500) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('odk.proposals', input, { signal })),

  decideProposal: clerk
    .input(z.object({ id: Id, accepted: z.boolean() }))
    .mutation(({ ctx, input }) => decideProposal(ctx.office.store, ctx.officer.id, input.id, input.accepted)),
})
