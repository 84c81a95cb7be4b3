import { Skeleton, Text, UnstyledButton } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import classes from './stat-card.module.css'

interface StatCardProps {
  label: string
  /** The figure, already formatted; undefined while it is on its way. */
  value: ReactNode | undefined
  detail?: ReactNode
  icon?: Icon
  tone?: 'plain' | 'attention' | 'good' | 'bad'
  /** Where the figure leads. */
  to?: string
}

/** One figure that matters, with its word; a link if it leads somewhere. */
export function StatCard({ label, value, detail, icon: Picture, tone = 'plain', to }: StatCardProps) {
  const content = (
    <>
      <span className={classes.label}>
        {Picture && <Picture size={16} stroke={1.75} aria-hidden />}
        {label}
      </span>
      {value === undefined ? <Skeleton height={28} width="55%" /> : <span className={classes.value}>{value}</span>}
      {detail && (
        <Text size="sm" c="dimmed" component="span">
          {detail}
        </Text>
      )}
    </>
  )
  if (!to) {
    return (
      <div className={`office-sheet ${classes.card}`} data-tone={tone}>
        {content}
      </div>
    )
  }
  return (
    <UnstyledButton component={Link} to={to} className={`office-sheet ${classes.card}`} data-tone={tone} data-link>
      {content}
    </UnstyledButton>
  )
}
