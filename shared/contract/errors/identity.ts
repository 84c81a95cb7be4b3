import type { CatalogueEntry } from './entry.ts'

export const identityErrors = {
  'identity.wrong-pin': { class: 'input', action: 'correct' },
  'identity.too-many-tries': { class: 'waiting', action: 'wait' },
  'identity.suspended': { class: 'refused', action: 'ask-administrator' },
  'identity.waits-for-confirmation': { class: 'refused', action: 'ask-administrator' },
  'identity.no-key': { class: 'refused', action: 'ask-administrator' },
  'identity.weak-pin': { class: 'input', action: 'correct' },
  'identity.same-pin': { class: 'input', action: 'correct' },
  'identity.change-pin-first': { class: 'refused', action: 'sign-in' },
  'identity.login-taken': { class: 'input', action: 'correct' },
  'identity.signature-invalid': { class: 'broken', action: 'ask-administrator' },
  'identity.own-record': { class: 'refused', action: 'ask-administrator' },
  'identity.last-administrator': { class: 'refused', action: 'correct' },
  'identity.would-break-trust': { class: 'refused', action: 'ask-administrator' },
  'identity.confirmed-by-resetter': { class: 'refused', action: 'ask-administrator' },
  'identity.delegation-to-self': { class: 'input', action: 'correct' },
  'identity.delegation-not-theirs': { class: 'input', action: 'correct' },
  'identity.delegation-both-sides': { class: 'refused', action: 'correct' },
  'identity.delegation-needless': { class: 'input', action: 'correct' },
  'identity.delegation-time': { class: 'input', action: 'correct' },
  'identity.nothing-to-confirm': { class: 'conflict', action: 'reload' },
} as const satisfies Record<string, CatalogueEntry>
