import type { CatalogueEntry } from './entry.ts'

/** What can go wrong on the way to another system and back. `host` is the only parameter: never a path, a query or a body. */
export const httpErrors = {
  'http.line-down': { class: 'waiting', action: 'wait' },
  'http.not-reachable': { class: 'waiting', action: 'wait' },
  'http.name-not-found': { class: 'waiting', action: 'open-settings' },
  'http.timed-out': { class: 'waiting', action: 'wait' },
  'http.cancelled': { class: 'waiting', action: 'try-again' },
  'http.circuit-open': { class: 'waiting', action: 'wait' },
  'http.training-only': { class: 'refused', action: 'open-settings' },
  'http.url-invalid': { class: 'input', action: 'open-settings' },
  'http.not-encrypted': { class: 'refused', action: 'open-settings' },
  'http.certificate-expired': { class: 'outside', action: 'ask-administrator' },
  'http.certificate-not-yet-valid': { class: 'outside', action: 'ask-administrator' },
  'http.certificate-wrong-name': { class: 'outside', action: 'ask-administrator' },
  'http.certificate-untrusted': { class: 'outside', action: 'ask-administrator' },
  'http.own-certificate-unusable': { class: 'input', action: 'open-settings' },
  'http.secure-connection-failed': { class: 'outside', action: 'ask-administrator' },
  'http.proxy-refused': { class: 'outside', action: 'ask-administrator' },
  'http.connection-lost': { class: 'outside', action: 'check-now' },
  'http.redirect-refused': { class: 'outside', action: 'open-settings' },
  'http.reply-too-large': { class: 'outside', action: 'check-now' },
  'http.reply-garbled': { class: 'outside', action: 'check-now' },
  'http.reply-not-json': { class: 'outside', action: 'check-now' },
  'http.reply-too-deep': { class: 'outside', action: 'check-now' },
} as const satisfies Record<string, CatalogueEntry>
