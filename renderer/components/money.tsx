import { Text, type TextProps } from '@mantine/core'
import { useFormat } from '../i18n/format.ts'

interface MoneyProps extends TextProps {
  /** Minor units; null shows a dash. */
  minor: number | null
  currency: string
}

/** An amount of money in the officer's digits, figures aligned. */
export function Money({ minor, currency, ...text }: MoneyProps) {
  const format = useFormat()
  return (
    <Text span inherit className="office-figures" style={{ whiteSpace: 'nowrap' }} {...text}>
      {minor === null ? '—' : <bdi>{format.money(minor, currency)}</bdi>}
    </Text>
  )
}
