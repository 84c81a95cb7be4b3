import { Badge } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed, IconUserCheck, IconUserOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { PayTableRow } from '../../../../shared/contract/pay-table.ts'
import { StateBadge } from '../../../components/state-badge.tsx'

const LOOKS = {
  open: { colour: 'gray', icon: IconCircleDashed },
  collected: { colour: 'spruce', icon: IconUserCheck },
  absent: { colour: 'ochre', icon: IconUserOff },
  settled: { colour: 'moss', icon: IconCircleCheck },
} as const

/** How a payment stands at the pay table; once it is settled, how the payment itself stands. */
export function StandingBadge({ row }: { row: Pick<PayTableRow, 'standing' | 'state'> }) {
  const { t } = useTranslation('pay-table')
  if (row.standing === 'settled') return <StateBadge kind="payment" state={row.state} />
  const { colour, icon: Picture } = LOOKS[row.standing]
  return (
    <Badge
      variant="light"
      color={colour}
      radius="sm"
      tt="none"
      fw={600}
      leftSection={<Picture size={13} aria-hidden />}
      data-standing={row.standing}
    >
      {t(`standing.${row.standing}`)}
    </Badge>
  )
}
