import { Text, type TextProps, Tooltip } from '@mantine/core'
import type { Moment } from '../../shared/model/record.ts'
import { millisecondsOf, useFormat } from '../i18n/format.ts'
import { LOOKS_EVERY, useNow } from './now.ts'

interface MomentTextProps extends TextProps {
  /** A moment of the hybrid clock or epoch milliseconds. */
  at: Moment | number
  /** `ago` (default) shows the distance with the date on hover; `date` the date itself. */
  show?: 'ago' | 'date'
}

/** A moment in words that keep up with the clock. */
export function MomentText({ at, show = 'ago', ...text }: MomentTextProps) {
  const format = useFormat()
  const now = useNow()
  const milliseconds = millisecondsOf(at)
  // After the last look at the clock: just now, and not in the future.
  const isNew = milliseconds > now && milliseconds < now + LOOKS_EVERY
  const date = format.moment(milliseconds)
  const words = (
    <Text span inherit {...text}>
      <time dateTime={new Date(milliseconds).toISOString()}>
        {show === 'date' ? date : format.ago(milliseconds, isNew ? milliseconds : now)}
      </time>
    </Text>
  )
  return show === 'date' ? words : <Tooltip label={date}>{words}</Tooltip>
}
