import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { findCurrencyDigits } from '../../../shared/rules/currency.ts'
import { check, type FilterableRecord, filterSchemas, parse } from '../../../shared/rules/filter/index.ts'
import { codeSentence } from '../../i18n/fault-sentence.ts'

interface FilterTextProps {
  label: string
  record: FilterableRecord
  currency: string
  value: string
  onChange: (text: string) => void
}

/** What is wrong with a filter, if anything. */
export function filterRefusal(text: string, record: FilterableRecord, currency: string) {
  const parsed = parse(text)
  if (!parsed.ok) return parsed.error
  const checked = check(parsed.domain, filterSchemas(findCurrencyDigits(currency) ?? 2)[record])
  return checked.ok ? undefined : checked.error
}

/** A filter in the domain syntax; says what is wrong and where as it is written. */
export function FilterText({ label, record, currency, value, onChange }: FilterTextProps) {
  const { t } = useTranslation('programmes')
  const refusal = filterRefusal(value, record, currency)
  return (
    <Textarea
      label={label}
      description={t('filter.description')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={
        refusal &&
        `${codeSentence(t, refusal.code, refusal.params)} ${t('filter.at', { place: value.slice(refusal.offset, refusal.offset + Math.max(1, refusal.length)) || '…' })}`
      }
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', direction: 'ltr', textAlign: 'start' } }}
      autosize
      minRows={2}
      spellCheck={false}
    />
  )
}
