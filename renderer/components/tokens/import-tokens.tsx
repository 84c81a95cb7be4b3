import { Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { Section } from '../section.tsx'
import { TurnIntoTokens, useRegistryConnectors } from './turn-into-tokens.tsx'

/** What a change of makes the people of an import be counted again. */
const kinds = ['registrant', 'identityNumber', 'consent', 'tokenisation']
const obstacles = ['withoutConsent', 'withoutVid', 'tokenised'] as const
/** People in one run that is asked for by name. */
const MOST = 50_000

/** The people of an imported file turned into tokens; nothing where no connector can run here, or nobody brought a number. */
export function ImportTokens({ importId }: { importId: string }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const mayRun = useMay('clerk')
  const usable = useRegistryConnectors().length > 0 && mayRun
  const { data } = useQuery(api.tokenisation.imported.queryOptions({ importId }, { kinds, enabled: usable }))
  if (!usable || data === undefined) return null
  const ready = data.registrantIds.length
  if (ready + data.withoutConsent + data.tokenised === 0) return null
  const counted = (count: number) => ({ count, number: format.number(count) })
  return (
    <Section title={t('files.importTitle')}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Text>{t(ready === 0 ? 'files.nobodyReady' : 'files.ready', counted(ready))}</Text>
          {obstacles
            .filter((name) => data[name] > 0)
            .map((name) => (
              <Text key={name} size="sm" c="dimmed">
                {t(`files.${name}`, counted(data[name]))}
              </Text>
            ))}
          {ready > MOST && (
            <Text size="sm" c="dimmed">
              {t('files.most', { number: format.number(MOST) })}
            </Text>
          )}
        </Stack>
        <TurnIntoTokens disabled={ready === 0} chosen={() => data.registrantIds.slice(0, MOST)} />
      </Group>
    </Section>
  )
}
