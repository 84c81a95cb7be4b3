import { Button, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { version } from '../../../package.json'
import { useApi } from '../../api/provider.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Section } from '../../components/section.tsx'

/** What this program is, and a report for those who support it. */
export function About() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const inElectron = window.fieldOffice !== undefined

  /** What the core tells about itself; the browser adds what only it knows. */
  const save = async (): Promise<void> => {
    try {
      const { userAgent, language } = navigator
      const report = { ...(await api.diagnostics.report.ask(undefined)), screens: { userAgent, language } }
      saveFile('field-office-report.json', [JSON.stringify(report, null, 2)], 'application/json')
    } catch (error) {
      notifyFault(error)
    }
  }
  return (
    <Section title={t('common:appName')} description={t('about.meaning')}>
      <Stack align="flex-start">
        <FactList
          facts={[
            { name: t('about.version'), value: version },
            { name: t('about.door'), value: t(inElectron ? 'about.electron' : 'about.browser') },
            { name: t('about.licence'), value: 'Apache-2.0' },
            { name: t('about.protocol'), value: 'G2P Connect 1.0.0' },
          ]}
        />
        <Text c="dimmed">{t('about.reportMeaning')}</Text>
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void save()}>
          {t('about.report')}
        </Button>
      </Stack>
    </Section>
  )
}
