import { Anchor, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RecoveryKeyProof } from '../../components/recovery-key-proof.tsx'
import { RecoveryKeyShown } from '../../components/recovery-key-shown.tsx'

/** The last step of the set-up: the second key to the new office, on paper and typed back, or later. */
export function FirstRecoveryKey({ text, onDone }: { text: string; onDone: () => void }) {
  const { t } = useTranslation('sign-in')
  return (
    <Stack>
      <div>
        <Title order={1}>{t('firstKey.title')}</Title>
        <Text c="dimmed">{t('firstKey.subtitle')}</Text>
      </div>
      <RecoveryKeyShown text={text} />
      <RecoveryKeyProof onProven={onDone} />
      <Anchor component="button" type="button" c="dimmed" onClick={onDone}>
        {t('firstKey.later')}
      </Anchor>
    </Stack>
  )
}
