import { Anchor, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTraining } from './first-run.tsx'
import { RecoverOffice } from './recover-office.tsx'

/** What stands before a closed office, whatever opens it: the other two ways are the recovery key and the training office. */
export function ClosedOffice({
  subtitle,
  children,
  recovers = true,
}: {
  subtitle: string
  /** @param recover takes the recovery key @param training the way to the training office, and what came of it */
  children: (recover: () => void, training: ReturnType<typeof useTraining>) => ReactNode
  /** Whether the recovery key is among the small links; elsewhere it is a button of its own. */
  recovers?: boolean
}) {
  const { t } = useTranslation('sign-in')
  const training = useTraining()
  const [recovering, setRecovering] = useState(false)
  const recover = (): void => setRecovering(true)
  if (recovering) return <RecoverOffice onBack={() => setRecovering(false)} />
  return (
    <Stack>
      <div>
        <Title order={1}>{t('unlock.title')}</Title>
        <Text c="dimmed">{subtitle}</Text>
      </div>
      {children(recover, training)}
      {recovers && (
        <Anchor component="button" type="button" c="dimmed" onClick={recover}>
          {t('backups:recover.link')}
        </Anchor>
      )}
      <Anchor component="button" type="button" c="dimmed" onClick={() => training.mutate(undefined)}>
        {t('unlock.training')}
      </Anchor>
    </Stack>
  )
}
