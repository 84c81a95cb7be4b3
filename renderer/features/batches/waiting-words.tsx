import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRoles } from '../../state/session.ts'
import { type AwaitedFacts, awaitedBy, rolesAwaited } from './waiting-for.ts'

/** Whose turn it is with a batch, in words; bold when it may be the reader's. */
export function WaitingWords({ batch }: { batch: AwaitedFacts }) {
  const { t } = useTranslation('batches')
  const roles = useRoles()
  const awaited = awaitedBy(batch)
  const mine = rolesAwaited[awaited].some((role) => roles.includes(role))
  return (
    <Text span inherit truncate {...(mine ? { fw: 600 } : { c: 'dimmed' })}>
      {t(`waiting.${awaited}`, { office: batch.holder?.officeName })}
    </Text>
  )
}
