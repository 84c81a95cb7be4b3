import { Button, SimpleGrid, Stack } from '@mantine/core'
import { IconFingerprint, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Coverage } from '../../../shared/contract/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { Chart } from '../../components/chart.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { Section } from '../../components/section.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { connectorKinds, peopleKinds } from './answers.ts'
import { shareOf } from './run-figures.ts'

/** How far the registry has come with tokens. */
export function CoverageTab() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const mayEdit = useMay('administrator')
  const query = useQuery(api.tokenisation.coverage.queryOptions(undefined, { kinds: peopleKinds, keepPrevious: true }))
  const connectors = useQuery(api.tokenisation.connectors.list.queryOptions(undefined, { kinds: connectorKinds }))
  return (
    <Answer query={query}>
      {(coverage) => (
        <Stack>
          {connectors.data?.length === 0 && (
            <Section title={t('connectors.none')}>
              <EmptyState
                icon={IconPlugConnected}
                title={t('coverage.begin')}
                description={t(mayEdit ? 'connectors.noneMeaning' : 'connectors.noneAsk')}
                action={
                  mayEdit && (
                    <Button component={Link} to="/tokens/connectors/new">
                      {t('connectors.new')}
                    </Button>
                  )
                }
              />
            </Section>
          )}
          {coverage.people === 0 ? (
            <EmptyState icon={IconFingerprint} title={t('coverage.nobody')} description={t('coverage.nobodyMeaning')} />
          ) : (
            <Figures coverage={coverage} />
          )}
        </Stack>
      )}
    </Answer>
  )
}

function Figures({ coverage }: { coverage: Coverage }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { people, tokenised, waiting, toCorrect, noConsent, noVid, days, areas } = coverage
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <StatCard
          label={t('coverage.tokenised')}
          icon={IconFingerprint}
          value={format.number(tokenised)}
          detail={t('coverage.ofPeople', {
            share: format.percent(shareOf(tokenised, people)),
            people: format.number(people),
          })}
          tone="good"
        />
        <StatCard
          label={t('coverage.waiting')}
          value={format.number(waiting)}
          detail={t('coverage.waitingMeaning')}
          to="/tokens/runs"
        />
        <StatCard
          label={t('coverage.toCorrect')}
          value={format.number(toCorrect)}
          detail={t('coverage.toCorrectMeaning')}
          tone={toCorrect > 0 ? 'attention' : 'plain'}
          to="/tokens/correct"
        />
        <StatCard
          label={t('coverage.noConsent')}
          value={format.number(noConsent)}
          detail={t('coverage.noConsentMeaning')}
          tone={noConsent > 0 ? 'attention' : 'plain'}
          to="/tokens/consents"
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: days.length > 0 ? 2 : 1 }}>
        <Section title={t('coverage.whole')} description={t('coverage.wholeMeaning')}>
          <Chart
            kind="donut"
            title={t('coverage.whole')}
            items={[
              { label: t('coverage.tokenised'), value: tokenised, colour: 'moss' },
              { label: t('coverage.waiting'), value: waiting, colour: 'spruce' },
              { label: t('coverage.toCorrect'), value: toCorrect, colour: 'brick' },
              { label: t('coverage.noConsent'), value: noConsent, colour: 'ochre' },
              { label: t('coverage.noVid'), value: noVid, colour: 'gray' },
            ]}
          />
        </Section>
        {days.length > 0 && (
          <Section title={t('coverage.days')} description={t('coverage.daysMeaning')}>
            <Chart
              kind="bar"
              title={t('coverage.days')}
              items={days.map(({ day, tokenised: count }) => ({
                // A drawing puts the signs of direction, which Arabic dates carry, between the wrong figures.
                label: format.day(day).replaceAll(/[\u200e\u200f]/g, ''),
                value: count,
                colour: 'spruce',
              }))}
            />
          </Section>
        )}
      </SimpleGrid>
      {tokenised > 0 && (
        <Section title={t('coverage.areas')} description={t('coverage.areasMeaning')}>
          <Chart
            kind="bar"
            title={t('coverage.areas')}
            valueText={format.percent}
            items={areas.map((area) => ({
              label: area.area === '' ? t('coverage.noArea') : area.area,
              value: shareOf(area.tokenised, area.people),
              colour: 'moss',
            }))}
          />
        </Section>
      )}
    </>
  )
}
