import { TextInput } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseAmount, plainAmount } from '../../shared/rules/money.ts'
import { codeSentence } from '../i18n/fault-sentence.ts'
import { useFormat } from '../i18n/format.ts'

interface MoneyFieldProps {
  label: ReactNode
  description?: ReactNode
  currency: string
  /** Minor units; null where nothing is given. */
  value: number | null
  /** Undefined while what stands there is no amount. */
  onChange: (minor: number | null | undefined) => void
  /** May be left empty, which means "no limit". */
  optional?: boolean
  disabled?: boolean
}

const textOf = (minor: number | null, currency: string): string =>
  minor === null ? '' : plainAmount(minor, currency).replace(/ .*$/, '')

/** An amount as people write it, in the currency's own decimals. */
export function MoneyField(props: MoneyFieldProps) {
  const { label, description, currency, value, onChange, optional = false, disabled = false } = props
  const { t } = useTranslation()
  const { locale } = useFormat()
  const [text, setText] = useState(() => textOf(value, currency))
  const told = useRef(value)
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setText(textOf(value, currency))
  }, [value, currency])

  const read = parseAmount(text, currency, locale)
  const empty = text.trim() === ''
  const change = (typed: string): void => {
    setText(typed)
    const ruling = parseAmount(typed, currency, locale)
    const minor = typed.trim() === '' ? (optional ? null : undefined) : ruling.ok ? ruling.value : undefined
    if (minor !== undefined) told.current = minor
    onChange(minor)
  }
  return (
    <TextInput
      label={label}
      description={description}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      error={!empty && !read.ok && codeSentence(t, read.error.code, read.error.params)}
      rightSection={<bdi>{currency}</bdi>}
      rightSectionWidth={56}
      inputMode="decimal"
      autoComplete="off"
      disabled={disabled}
    />
  )
}
