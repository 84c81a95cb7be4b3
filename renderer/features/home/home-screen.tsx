import { SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { useConnectivity } from '../../state/connectivity.ts'
import { useOfficer, useSession } from '../../state/session.ts'

/** The first screen of the day. */
export default function HomeScreen() {
  const { t } = useTranslation('home')
  const officer = useOfficer()
  const { officeName, training } = useSession()
  const { coreUp, line, paymentSystem } = useConnectivity()
  return (
    <Screen>
      <PageHeader
        title={t(`greeting.${partOfDay(new Date().getHours())}`, { name: officer.name })}
        subtitle={training ? t('common:training.name') : officeName}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('connections.title')}>
          <Text>{coreUp ? t('common:status.coreUp') : t('common:status.coreDown')}</Text>
          <Text>{t(`common:status.line.${line}`)}</Text>
          <Text>{t(`common:status.paymentSystem.${paymentSystem}`)}</Text>
        </Section>
      </SimpleGrid>
    </Screen>
  )
}

const partOfDay = (hour: number): 'morning' | 'afternoon' | 'evening' =>
  hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
