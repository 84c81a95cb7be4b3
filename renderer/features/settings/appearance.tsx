import { SegmentedControl, Select, Stack, Switch, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { languageNames } from '../../i18n/start.ts'
import {
  type ColourScheme,
  languages,
  setColourScheme,
  setLanguage,
  setRailFolded,
  usePreferences,
} from '../../state/preferences.ts'

const schemes: readonly ColourScheme[] = ['light', 'dark', 'auto']

/** What this machine's user likes; kept on this machine only. */
export function Appearance() {
  const { t } = useTranslation('settings')
  const { language, colourScheme, railFolded } = usePreferences()
  return (
    <Section title={t('sections.appearance')} description={t('appearance.meaning')}>
      <Stack maw={420}>
        <Select
          label={t('common:language')}
          value={language}
          onChange={(chosen) => {
            const known = languages.find((one) => one === chosen)
            if (known) setLanguage(known)
          }}
          data={languages.map((one) => ({ value: one, label: languageNames[one] }))}
          allowDeselect={false}
        />
        <div>
          <Text size="sm" fw={500} id="appearance-scheme">
            {t('common:appearance.title')}
          </Text>
          <SegmentedControl
            aria-labelledby="appearance-scheme"
            value={colourScheme}
            onChange={(chosen) => setColourScheme(schemes.find((one) => one === chosen) ?? 'auto')}
            data={schemes.map((one) => ({ value: one, label: t(`common:appearance.${one}`) }))}
          />
        </div>
        <Switch
          label={t('appearance.foldRail')}
          checked={railFolded}
          onChange={(event) => setRailFolded(event.currentTarget.checked)}
        />
      </Stack>
    </Section>
  )
}
