import { Anchor, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { Summary } from './waiting-list.tsx'

/** What would be lost with this machine: whether there is a backup, and a recovery key. */
export function SafetyWords({ safety }: { safety: NonNullable<Summary['safety']> }) {
  const { t } = useTranslation('backups')
  const format = useFormat()
  const may = useMay('administrator')
  const { backup, lastAt, fault, recoveryKey } = safety
  const backupWords = t(`home.${backup}`, { when: lastAt === null ? '' : format.ago(lastAt) })
  return (
    <>
      <Words words={backupWords} good={backup === 'fine'} linked={may} />
      {fault !== null && <FaultMessage fault={fault} />}
      {recoveryKey !== 'proven' && <Words words={t(`home.recovery.${recoveryKey}`)} good={false} linked={may} />}
    </>
  )
}

/** For whoever can do something about it, what is not well leads to where that is done. */
function Words({ words, good, linked }: { words: string; good: boolean; linked: boolean }) {
  if (good) return <Text>{words}</Text>
  if (!linked) return <Text fw={600}>{words}</Text>
  return (
    <Anchor component={Link} to="/settings/backups" fw={600}>
      {words}
    </Anchor>
  )
}
