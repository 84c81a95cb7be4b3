import { Button, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { RecoveryKeyProof } from '../../components/recovery-key-proof.tsx'
import { RecoveryKeyShown } from '../../components/recovery-key-shown.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'
import type { RecoveryStatus } from './answers.ts'

/** The second key to the office: made once, printed, typed back. */
export function RecoveryKey() {
  const { t } = useTranslation('backups')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const query = useQuery(api.recovery.status.queryOptions())
  // Kept nowhere else: whoever leaves this page does not see the key again.
  const [shown, setShown] = useState<string>()
  const isFirst = query.data?.newest == null
  const make = async (): Promise<void> => {
    const label = t(isFirst ? 'recovery.make' : 'recovery.replace')
    const made = await askPin({
      title: label,
      body: (
        <Stack gap="xs">
          <Text>{t('recovery.makeMeaning')}</Text>
          {!isFirst && <Text>{t('recovery.replaceMeaning')}</Text>}
        </Stack>
      ),
      confirmLabel: label,
      run: (pin) => api.recovery.make.run({ pin }),
    })
    if (made === undefined) return
    setShown(made.value.text)
    void query.refetch()
  }
  return (
    <Section
      title={t('recovery.title')}
      description={t('recovery.meaning')}
      actions={
        may && (
          <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => void make()}>
            {t(isFirst ? 'recovery.make' : 'recovery.replace')}
          </Button>
        )
      }
    >
      <Stack>
        <Answer query={query}>{(status) => <Facts status={status} />}</Answer>
        {shown !== undefined && <RecoveryKeyShown text={shown} onHide={() => setShown(undefined)} />}
        {may && query.data?.newest?.provenAt === null && (
          <RecoveryKeyProof
            onProven={() => {
              setShown(undefined)
              void query.refetch()
            }}
          />
        )}
      </Stack>
    </Section>
  )
}

function Facts({ status: { newest, older } }: { status: RecoveryStatus }) {
  const { t } = useTranslation('backups')
  if (newest === null) return <Text>{t('recovery.none')}</Text>
  return (
    <>
      <Text fw={newest.provenAt === null ? 600 : 400}>
        {t(newest.provenAt === null ? 'recovery.unproven' : 'recovery.proven')}
      </Text>
      {older !== null && <Text>{t('recovery.olderHolds')}</Text>}
      <FactList
        facts={[
          { name: t('recovery.tag'), value: <bdi>{newest.tag}</bdi> },
          { name: t('recovery.made'), value: <MomentText at={newest.madeAt} show="date" /> },
          {
            name: t('recovery.provenAt'),
            value: newest.provenAt === null ? '' : <MomentText at={newest.provenAt} show="date" />,
          },
        ]}
      />
    </>
  )
}
