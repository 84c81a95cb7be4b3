import { ActionIcon, Group, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import {
  type FilterField as Field,
  type FilterSchema,
  findField,
  type Operator,
  operatorsOf,
  type Rule,
  type Scalar,
  type Value,
} from '../../../shared/rules/filter/index.ts'

interface FilterRowProps {
  schema: FilterSchema
  rule: Rule
  onChange: (rule: Rule) => void
  onRemove: () => void
}

/** Operators that stand for others or only make sense in written filters. */
const WRITTEN_ONLY: readonly Operator[] = ['=?', '=like', 'not =like', 'like', 'not like', '=ilike', 'not =ilike']

const takesList = (operator: Operator): boolean => operator === 'in' || operator === 'not in'

function firstValue(field: Field | undefined): Scalar {
  switch (field?.type) {
    case 'boolean':
      return true
    case 'integer':
    case 'amount':
      return 0
    case 'day':
      return new Date().toISOString().slice(0, 10)
    case 'enum':
      return field.values[0] ?? ''
    default:
      return ''
  }
}

/** A new condition over the record's title. */
export function emptyRule(schema: FilterSchema): Rule {
  return { field: schema.title, operator: 'ilike', value: '' }
}

/** One condition: field, operator, value. */
export function FilterRow({ schema, rule, onChange, onRemove }: FilterRowProps) {
  const { t } = useTranslation('filter')
  const field = findField(schema, rule.field)
  const nameOf = (name: string): string => t(`fields.${name}`, { defaultValue: name })
  const names = Object.keys(schema.fields)
  const operators = operatorsOf(field?.type ?? 'text').filter(
    (operator) => operator === rule.operator || !WRITTEN_ONLY.includes(operator),
  )
  const pick = (name: string | null): void => {
    if (name === null) return
    const next = findField(schema, name)
    const fitting = operatorsOf(next?.type ?? 'text')
    const operator = fitting.includes(rule.operator) && !takesList(rule.operator) ? rule.operator : (fitting[0] ?? '=')
    onChange({ field: name, operator, value: firstValue(next) })
  }
  const pickOperator = (operator: string | null): void => {
    if (operator === null) return
    const list = takesList(operator as Operator)
    const values = Array.isArray(rule.value) ? rule.value : [rule.value as Scalar]
    onChange({ ...rule, operator: operator as Operator, value: list ? [...values] : (values[0] ?? firstValue(field)) })
  }
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Select
        aria-label={t('field')}
        data={(names.includes(rule.field) ? names : [rule.field, ...names]).map((name) => ({
          value: name,
          label: nameOf(name),
        }))}
        value={rule.field}
        onChange={pick}
        searchable
        allowDeselect={false}
        w={200}
      />
      <Select
        aria-label={t('operator')}
        data={operators.map((operator) => ({ value: operator, label: t(`operators.${operator}`) }))}
        value={rule.operator}
        onChange={pickOperator}
        allowDeselect={false}
        w={170}
      />
      <div style={{ flex: 1, minWidth: 120 }}>
        <ValueField field={field} rule={rule} onChange={(value) => onChange({ ...rule, value })} />
      </div>
      <ActionIcon aria-label={t('removeRow')} onClick={onRemove} size="lg" variant="subtle" color="gray">
        <IconX size={16} />
      </ActionIcon>
    </Group>
  )
}

interface ValueFieldProps {
  field: Field | undefined
  rule: Rule
  onChange: (value: Value) => void
}

function ValueField({ field, rule: { operator, value }, onChange }: ValueFieldProps) {
  const { t } = useTranslation('filter')
  const label = t('value')
  const known = field?.type === 'enum' || field?.type === 'set' ? field.values : undefined
  const wordOf = (word: string): string => (word === '' ? t('notSet') : t(`values.${word}`, { defaultValue: word }))
  const isPattern = operator.includes('like')
  if (Array.isArray(value)) {
    const numeric = field?.type === 'integer' || field?.type === 'amount'
    return (
      <TagsInput
        aria-label={label}
        value={value.map(String)}
        {...(known ? { data: [...known] } : {})}
        onChange={(texts) => onChange(numeric ? texts.map(Number).filter((number) => Number.isFinite(number)) : texts)}
      />
    )
  }
  const single = value as Scalar
  if (field?.type === 'boolean') {
    const data = [
      { value: 'true', label: t('yes') },
      { value: 'false', label: t('no') },
    ]
    return (
      <Select
        aria-label={label}
        data={data}
        value={single === true ? 'true' : 'false'}
        onChange={(next) => onChange(next === 'true')}
        allowDeselect={false}
      />
    )
  }
  if (known && !isPattern) {
    return (
      <Select
        aria-label={label}
        data={known.map((word) => ({ value: word, label: wordOf(word) }))}
        value={typeof single === 'string' ? single : ''}
        onChange={(next) => onChange(next ?? '')}
        allowDeselect={false}
      />
    )
  }
  if (field?.type === 'integer' || field?.type === 'amount') {
    return (
      <NumberInput
        aria-label={label}
        value={typeof single === 'number' ? single : 0}
        onChange={(next) => onChange(typeof next === 'number' ? next : Number(next) || 0)}
        allowDecimal={field.type === 'amount'}
        hideControls
      />
    )
  }
  return (
    <TextInput
      aria-label={label}
      type={field?.type === 'day' && !isPattern ? 'date' : 'text'}
      value={typeof single === 'string' ? single : ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
