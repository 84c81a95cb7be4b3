import type { ConflictField, ConflictPage } from '../../../shared/contract/central.ts'

export type Side = 'earlier' | 'later'
/** Which version of each field is to stand. */
export type Choices = Readonly<Record<string, Side>>

/** Every field from one side. */
export const allOf = (fields: readonly Pick<ConflictField, 'name'>[], side: Side): Choices =>
  Object.fromEntries(fields.map(({ name }) => [name, side]))

/** Whether every field was chosen. */
export const isComplete = (fields: readonly Pick<ConflictField, 'name'>[], choices: Choices): boolean =>
  fields.every(({ name }) => choices[name] !== undefined)

/** The one side from which everything is taken; undefined when it is mixed or not complete. */
export function sideOf(fields: readonly Pick<ConflictField, 'name'>[], choices: Choices): Side | undefined {
  const sides = new Set(fields.map(({ name }) => choices[name]))
  const [only] = sides
  return sides.size === 1 ? only : undefined
}

/** Whether there is something left to decide. */
export const isOpen = ({ settled, decidedBy }: Pick<ConflictPage, 'settled' | 'decidedBy'>): boolean =>
  settled === null && decidedBy === 'officer'
