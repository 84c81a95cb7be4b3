import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  check,
  type FilterError,
  type FilterSchema,
  fromRules,
  parse,
  print,
  type Rules,
  toRules,
} from '../../../shared/rules/filter/index.ts'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import classes from './filter-field.module.css'
import { emptyRule, FilterRow } from './filter-row.tsx'

interface FilterFieldProps {
  /** What can be asked about. */
  schema: FilterSchema
  /** The filter in the domain syntax; `[]` takes everything. */
  value: string
  /** Called with every valid filter, and with invalid text too while it is being written. */
  onChange: (text: string) => void
  label: string
}

/** What is wrong with a filter, if anything; places count in the text. */
export function findFilterError(text: string, schema: FilterSchema): FilterError | undefined {
  const parsed = parse(text)
  if (!parsed.ok) return parsed.error
  const checked = check(parsed.domain, schema)
  return checked.ok ? undefined : checked.error
}

function rulesOf(text: string): Rules | undefined {
  const parsed = parse(text)
  if (!parsed.ok) return undefined
  const rules = toRules(parsed.domain)
  return rules.ok ? rules.rules : undefined
}

/** A filter as rows of conditions or as text; both write the same syntax. */
export function FilterField({ schema, value, onChange, label }: FilterFieldProps) {
  const { t } = useTranslation('filter')
  const [mode, setMode] = useState<'rows' | 'text'>(() => (rulesOf(value) === undefined ? 'text' : 'rows'))
  // What the rows show may be unfinished; the text only takes whole filters from them.
  const [rules, setRules] = useState<Rules>(() => rulesOf(value) ?? { match: 'all', rules: [] })
  const error = findFilterError(value, schema)

  const change = (next: Rules): void => {
    setRules(next)
    onChange(print(fromRules(next)))
  }
  const show = (next: string): void => {
    const known = rulesOf(value)
    if (next === 'rows' && known !== undefined) setRules(known)
    setMode(next === 'rows' ? 'rows' : 'text')
  }
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={600}>{label}</Text>
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={show}
          data={[
            { value: 'rows', label: t('asRows'), disabled: rulesOf(value) === undefined },
            { value: 'text', label: t('asText') },
          ]}
        />
      </Group>
      {mode === 'rows' ? (
        <>
          {rules.rules.length > 1 && (
            <SegmentedControl
              size="xs"
              w="fit-content"
              value={rules.match}
              onChange={(match) => change({ ...rules, match: match === 'any' ? 'any' : 'all' })}
              data={[
                { value: 'all', label: t('matchAll') },
                { value: 'any', label: t('matchAny') },
              ]}
            />
          )}
          {rules.rules.map((rule, index) => (
            <FilterRow
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other name than their place, and rows keep no state
              key={index}
              schema={schema}
              rule={rule}
              onChange={(next) => change({ ...rules, rules: rules.rules.with(index, next) })}
              onRemove={() => change({ ...rules, rules: rules.rules.toSpliced(index, 1) })}
            />
          ))}
          <Button
            size="compact-sm"
            variant="subtle"
            w="fit-content"
            leftSection={<IconPlus size={14} />}
            onClick={() => change({ ...rules, rules: [...rules.rules, emptyRule(schema)] })}
          >
            {t('addRow')}
          </Button>
        </>
      ) : (
        <Textarea
          aria-label={label}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={10}
          spellCheck={false}
          classNames={{ input: classes.text ?? '' }}
          error={error !== undefined}
        />
      )}
      {error && <FilterFault text={value} error={error} />}
    </Stack>
  )
}

/** The sentence of a fault and the place in the text it speaks of. */
function FilterFault({ text, error }: { text: string; error: FilterError }) {
  const { t } = useTranslation()
  const from = Math.max(0, error.offset - 30)
  const end = error.offset + Math.max(1, error.length)
  return (
    <div role="alert">
      <Text c="brick" size="sm">
        {codeSentence(t, error.code, error.params)}
      </Text>
      <code className={classes.place}>
        {from > 0 && '…'}
        {text.slice(from, error.offset)}
        <mark>{text.slice(error.offset, end) || '␣'}</mark>
        {text.slice(end, end + 30)}
      </code>
    </div>
  )
}
