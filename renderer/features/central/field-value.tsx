import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConflictPage } from '../../../shared/contract/central.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import { Money } from '../../components/money.tsx'
import { useFormat } from '../../i18n/format.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** Minor units of the record's currency. */
const MONEY: ReadonlySet<string> = new Set(['amount', 'amountPaid', 'fund', 'ceiling', 'twoApproversAbove'])

/** What it means that no amount stands there. */
const NO_LIMIT: Readonly<Record<string, string>> = {
  fund: 'programmes:overview.noFund',
  ceiling: 'programmes:overview.noFund',
  twoApproversAbove: 'programmes:overview.oneApprover',
}

/** The kinds whose states have words of their own, by the kind of record. */
const STATES: Partial<Record<RecordKind, string>> = {
  programme: 'programme',
  enrolment: 'enrolment',
  cycle: 'cycle',
  entitlement: 'entitlement',
  payment: 'payment',
  batch: 'batch',
  officer: 'officer',
  paymentManager: 'manager',
}

/** Where the word of a code stands; the code itself where it has none. */
function wordKey(kind: RecordKind, field: string, code: string): string | undefined {
  if (field === 'state' && STATES[kind] !== undefined) return `states:${STATES[kind]}.${code}`
  if (kind === 'identityNumber' && field === 'status') return `states:identity.${code}`
  if (kind === 'decision' && field === 'verdict') return `batches:approvals.${code}`
  if (kind === 'membership' && field === 'kinds') return `registrants:members.kind.${code}`
  if (kind === 'programme' && field === 'target') return `programmes:targets.${code}`
  if (kind === 'officer' && field === 'roles') return `common:roles.${code}`
  if (kind !== 'registrant') return undefined
  if (field === 'gender') return `registrants:genders.${code}`
  if (field === 'modeOfPayment') return `registrants:modes.${code}`
  return field === 'kind' ? `registrants:kinds.${code}` : undefined
}

interface FieldValueProps {
  page: Pick<ConflictPage, 'kind' | 'currency' | 'names'>
  field: string
  value: unknown
}

/** One value of a field of any record, as a person reads it. */
export function FieldValue({ page, field, value }: FieldValueProps) {
  const { t } = useTranslation('central')
  const format = useFormat()
  const { kind, currency, names } = page
  const nothing = (
    <Text span inherit c="dimmed">
      {t('value.nothing')}
    </Text>
  )
  const word = (text: string): string => {
    const key = wordKey(kind, field, text)
    if (key !== undefined) return t(key, { defaultValue: text })
    if (field === 'reasonCode') return t(`rules:${text}`, { defaultValue: text })
    return DAY.test(text) ? format.day(text) : (names[text] ?? text)
  }
  if (value === null && NO_LIMIT[field] !== undefined) return t(NO_LIMIT[field])
  if (value === null || value === undefined || value === '') return nothing
  if (typeof value === 'boolean') {
    if (field === 'removed') return t(value ? 'value.removed' : 'value.kept')
    return t(value ? 'value.yes' : 'value.no')
  }
  if (typeof value === 'number') {
    return MONEY.has(field) && currency !== null ? (
      <Money minor={value} currency={currency} />
    ) : (
      <bdi>{format.number(value)}</bdi>
    )
  }
  if (typeof value === 'string') return <bdi>{word(value)}</bdi>
  if (!Array.isArray(value)) return <Composed value={value} currency={currency} />
  if (value.length === 0) return nothing
  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.1em' }}>
      {value.map((item) =>
        typeof item === 'string' ? (
          <li key={item}>
            <bdi>{word(item)}</bdi>
          </li>
        ) : (
          <li key={JSON.stringify(item)}>
            <Composed value={item} currency={currency} />
          </li>
        ),
      )}
    </ul>
  )
}

/** A value of several parts: the rule of an amount in a sentence, anything else part by part. */
function Composed({ value, currency }: { value: object; currency: string | null }): ReactNode {
  const { t } = useTranslation('central')
  const format = useFormat()
  const money = (minor: unknown): string =>
    currency === null ? format.number(Number(minor)) : format.money(Number(minor), currency)
  const parts = value as Readonly<Record<string, unknown>>
  switch (parts.kind) {
    case 'none':
      return t('programmes:rules.none')
    case 'fixed':
      return t('programmes:overview.ruleFixed', { amount: money(parts.amount) })
    case 'perMember':
      return t('programmes:overview.rulePerMember', {
        base: money(parts.base),
        perMember: money(parts.perMember),
        maximum: format.number(Number(parts.maximumMembers)),
      })
  }
  const told = Object.values(parts).filter((part) => typeof part === 'string' || typeof part === 'number')
  return <bdi>{told.length === 0 ? t('value.several') : format.list(told.map(String))}</bdi>
}
