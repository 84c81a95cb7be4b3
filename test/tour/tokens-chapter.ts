import { Tokens } from '../e2e/pages/tokens.ts'
import type { Cast } from './chapters.ts'

/** Connectors that the training office begins with. */
const [REGISTRY, FORMS] = ['training-registry-connector', 'training-form-connector']

/** Addresses of the screens of tokens, by the names of their pictures. */
export const tokenScreens: Readonly<Record<string, string>> = {
  'tokens-coverage': '/tokens/coverage',
  'tokens-connectors': '/tokens/connectors',
  'tokens-connector': `/tokens/connectors/${FORMS}`,
  'tokens-settings': `/tokens/connectors/${REGISTRY}/settings`,
  'tokens-form-settings': `/tokens/connectors/${FORMS}/settings`,
  'tokens-new': '/tokens/connectors/new',
  'tokens-runs': '/tokens/runs',
  'tokens-correct': '/tokens/correct',
  'tokens-consents': '/tokens/consents',
  'tokens-doubts': '/tokens/doubts',
}

/**
 * The clerk has tokens made for the people on the registry, then for those who come in through the form; what nobody can say
 * without an officer is shown.
 *
 * @returns figures of the runs, and where the screens and the store do not agree
 */
export async function makeTokens({ clerk, api, gallery }: Cast) {
  const tokens = new Tokens(clerk)
  const before = await api.tokenisation.coverage.ask()
  const runs: { connector: string; tokenised: number; listed: number }[] = []
  const runOf = async (id: string): Promise<void> => {
    await tokens.openConnector(id)
    await gallery.take(clerk, `${id.replace('training-', 'tokens-')}-now`, ['light'])
    await tokens.runNow()
    await gallery.take(clerk, `${id.replace('training-', 'tokens-')}-under-way`, ['light', 'narrow'])
    await tokens.waitForEnd()
    await gallery.take(clerk, `${id.replace('training-', 'tokens-')}-run`)
    const [run] = await api.tokenisation.runs.ask({ connectorId: id, limit: 1 })
    if (run === undefined) throw new Error('the run is not among the runs')
    const { people, tokenised } = run.counts
    runs.push({ connector: run.connectorName, tokenised, listed: people - tokenised })
  }
  await runOf(REGISTRY)
  const known = await api.odk.counts.ask({ connectorId: FORMS })
  if (Object.keys(known).length > 0) throw new Error('submissions were there before anybody asked for them')
  await runOf(FORMS)
  const arrived = await api.odk.counts.ask({ connectorId: FORMS })

  await tokens.open('doubts')
  await clerk.page.locator('[data-submission]').first().waitFor()
  await clerk.page.locator('[data-duplicate]').first().waitFor()
  const duplicates = await clerk.page.locator('[data-duplicate]').count()
  const doubtful = await clerk.page.locator('[data-submission]').count()
  await tokens.open('correct')
  await clerk.page.locator('[data-person]').first().waitFor()

  const after = await api.tokenisation.coverage.ask()
  const stored = after.tokenised - before.tokenised
  const told = runs.reduce((sum, { tokenised }) => sum + tokenised, 0)
  const disagreements = [
    ...(stored === told ? [] : [`${told} tokens by the runs, ${stored} in the registry`]),
    ...(told > 0 ? [] : ['no token was made']),
    ...(doubtful === (arrived.doubtful ?? 0)
      ? []
      : [`${arrived.doubtful} doubtful submissions, ${doubtful} on the screen`]),
  ]
  return { figures: { runs, arrived, duplicates, tokenised: after.tokenised }, disagreements }
}
