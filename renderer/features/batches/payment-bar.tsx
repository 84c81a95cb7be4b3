import { Progress, Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PaymentState } from '../../../shared/model/payment.ts'
import { useStateWord } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { useFormat } from '../../i18n/format.ts'
import { finalOf, type PaymentCounts, progressPieces } from './payment-progress.ts'

/** What has not begun stays pale; what came back after being paid is darker than what was rejected. */
const shades: Partial<Record<PaymentState, number>> = { prepared: 3, cancelled: 3, queued: 3, reversed: 7 }

interface PaymentBarProps {
  counts: PaymentCounts
  /** Also says in figures how many are settled. */
  withText?: boolean
}

/** How far the payments of a batch are, as a bar by state; every piece tells its state and number. */
export function PaymentBar({ counts, withText = false }: PaymentBarProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const word = useStateWord()
  const pieces = progressPieces(counts)
  const { final, total } = finalOf(counts)
  const told = pieces.map(({ state, count }) =>
    t('bar.piece', { state: word('payment', state), number: format.number(count) }),
  )
  return (
    <div style={{ minWidth: 0, width: '100%' }}>
      <Progress.Root size={10} role="img" aria-label={format.list(told)}>
        {pieces.map(({ state, share }, index) => (
          <Tooltip key={state} label={told[index]}>
            <Progress.Section
              value={share * 100}
              color={`${lookOf('payment', state).colour}.${shades[state] ?? 5}`}
              withAria={false}
            />
          </Tooltip>
        ))}
      </Progress.Root>
      {withText && (
        <Text size="xs" c="dimmed" className="office-figures" truncate>
          {t('bar.settled', { count: total, final: format.number(final), total: format.number(total) })}
        </Text>
      )}
    </div>
  )
}
