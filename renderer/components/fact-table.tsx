import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import classes from './fact-table.module.css'

/** Facts from elsewhere beside the record, a field in each row. `heads`: what the columns hold; empty for deeds. */
export function FactTable({ heads, children }: { heads: readonly string[]; children: ReactNode }) {
  return (
    <div className={classes.scroll}>
      <table className={classes.fields}>
        <thead>
          <tr>
            {heads.map((head) =>
              head === '' ? (
                <td key={head} />
              ) : (
                <th key={head} scope="col">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** A fact as an officer reads it: days in the language's way, genders as words. */
export function useFactValue(): (field: string, value: string) => string {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  return (field, value) => {
    if (field === 'birthdate' && /^\d{4}-\d\d-\d\d$/.test(value)) return format.day(value)
    if (field === 'gender') return t(`genders.${value}`, { defaultValue: value })
    return value
  }
}
