import { usualPayeePrefix } from '../../../shared/rules/payee-address.ts'
import type { ProfileView } from './answers.ts'
import { type ManagerDraft, usualHub } from './manager-draft.ts'

export type Suggested = ProfileView['suggested']
export type SuggestedField = keyof Suggested

const fieldsOf = (suggested: Suggested) => Object.keys(suggested) as SuggestedField[]

/** Settings that are other than the profile suggests. */
export const differing = (draft: ManagerDraft, profile: ProfileView | undefined): readonly SuggestedField[] =>
  profile === undefined
    ? []
    : fieldsOf(profile.suggested).filter(
        (field) => JSON.stringify(draft[field]) !== JSON.stringify(profile.suggested[field]),
      )

/** What choosing a profile fills in. What it does not need is emptied. */
export const settingsOf = (
  { kind, name, suggested, needs }: ProfileView,
  draft: ManagerDraft,
): Partial<ManagerDraft> => ({
  kind,
  ...(kind === 'payment-hub' && draft.paymentHub === undefined ? firstHub : {}),
  ...suggested,
  noMoneyMovedCodes: [...suggested.noMoneyMovedCodes],
  profile: name,
  envelopeUrl: needs.includes('envelopeUrl') ? draft.envelopeUrl : '',
  envelopeStatusUrl: needs.includes('envelopeStatusUrl') ? draft.envelopeStatusUrl : '',
})

/** What Payment Hub pays first: phones, as Mojaloop knows them. */
const firstHub: Partial<ManagerDraft> = {
  paymentHub: usualHub,
  payeeIdType: 'phone',
  payeePrefix: usualPayeePrefix.phone,
  payeeSuffix: '',
}
