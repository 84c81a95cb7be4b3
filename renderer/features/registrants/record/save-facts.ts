import { useCallback, useEffect, useState } from 'react'
import type { RegistrantFacts } from '../../../../shared/rules/registrant-entry.ts'
import { useApi } from '../../../api/provider.tsx'
import { answerToDraft } from '../../../replica/drafts.ts'
import { useDraft } from '../../../replica/hooks.ts'
import type { SaveOutcome, View } from '../answers.ts'

type Save = (changed: Partial<RegistrantFacts>, base: string) => Promise<SaveOutcome>

/**
 * Saves facts of a registrant over the version `base`. As long as the live copy shows that version the edit is written
 * there, seen at once, and answered by the office store; otherwise, and for the registry number, the command decides.
 */
export function useSaveFacts({ id, changedAt }: View): {
  save: Save
  /** The live copy shows the version that the form was opened with. */
  isLive: boolean
} {
  const api = useApi()
  const { document, change } = useDraft('registrants', id)
  const [here] = useState(() => ({ signal: new AbortController().signal }))
  useEffect(() => {
    const leaving = new AbortController()
    here.signal = leaving.signal
    return () => leaving.abort()
  }, [here])
  const save = useCallback<Save>(
    async ({ registryNumber, tags, ...others }, base) => {
      const facts = { ...others, ...(tags === undefined ? {} : { tags: [...tags] }) }
      if (document?.changedAt !== base || registryNumber !== undefined) {
        const number = registryNumber === undefined ? {} : { registryNumber }
        return api.registry.edit.run({ id, base, facts: { ...facts, ...number } })
      }
      if (Object.keys(facts).length === 0) return { outcome: 'saved', view: document }
      await change(facts)
      const refused = await answerToDraft('registrants', id, here.signal)
      if (refused === undefined) return { outcome: 'saved', view: { ...document, ...facts } }
      if (refused.problems.length > 0) return { outcome: 'problems', problems: [...refused.problems] }
      // The command says what is wrong in the same words, with the other's version beside the officer's.
      return api.registry.edit.run({ id, base, facts })
    },
    [api, id, document, change, here],
  )
  return { save, isLive: document?.changedAt === changedAt }
}
