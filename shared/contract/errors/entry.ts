/**
 * What kind of trouble it is:
 * `input` the officer can correct it; `refused` a rule says no; `conflict` somebody else was faster;
 * `waiting` it goes on by itself later; `outside` another system answered wrongly; `broken` our own fault or a damaged machine.
 */
export type ErrorClass = 'input' | 'refused' | 'conflict' | 'waiting' | 'outside' | 'broken'

/** The one thing to do about it; each has a button or a sentence on the screens. */
export type ErrorAction =
  | 'correct'
  | 'sign-in'
  | 'unlock'
  | 'ask-administrator'
  | 'ask-other-officer'
  | 'reload'
  | 'try-again'
  | 'wait'
  | 'check-now'
  | 'open-settings'
  | 'review'
  | 'save-diagnostics'

export interface CatalogueEntry {
  readonly class: ErrorClass
  readonly action: ErrorAction
}
