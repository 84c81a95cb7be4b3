import type { ReactNode } from 'react'
import classes from './fact-list.module.css'

/** A name and its value; facts whose value is empty are shown as a dash so that the eye finds its place. */
export interface Fact {
  readonly name: string
  readonly value: ReactNode
}

/** What is known about a record, in two columns. */
export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={classes.list}>
      {facts.map(({ name, value }) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value === '' || value === null || value === undefined ? '—' : value}</dd>
        </div>
      ))}
    </dl>
  )
}
