import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { lookOf, type StateKind, type StateOf } from './state-looks.ts'

interface StateBadgeProps<Kind extends StateKind> {
  kind: Kind
  state: StateOf<Kind>
  size?: 'sm' | 'md' | 'lg'
}

/** A state as icon, word and colour: `<StateBadge kind="payment" state={payment.state} />`. */
export function StateBadge<Kind extends StateKind>({ kind, state, size = 'md' }: StateBadgeProps<Kind>) {
  const { t } = useTranslation('states')
  const { colour, icon: Picture } = lookOf(kind, state)
  return (
    <Badge
      variant="light"
      color={colour}
      size={size}
      radius="sm"
      tt="none"
      fw={600}
      leftSection={<Picture size={size === 'lg' ? 15 : 13} aria-hidden />}
      data-state={state}
    >
      {t(stateKey(kind, state))}
    </Badge>
  )
}

const stateKey = (kind: string, state: string): string => `${kind}.${state}`

/** The word of a state, for sentences, charts and filters. */
export function useStateWord(): <Kind extends StateKind>(kind: Kind, state: StateOf<Kind>) => string {
  const { t } = useTranslation('states')
  return (kind, state) => t(stateKey(kind, state))
}
