import { SimpleGrid, Stack } from '@mantine/core'
import { IconCalendarEvent, IconCash, IconCoins, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Chart } from '../../components/chart.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { Money } from '../../components/money.tsx'
import { Section } from '../../components/section.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { useStateWord } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { useFormat } from '../../i18n/format.ts'
import type { ProgrammeView } from './answers.ts'

/** How a programme stands, in figures. */
export function ProgrammeOverview({ view }: { view: ProgrammeView }) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const word = useStateWord()
  const { programme, enrolments, granted, paid, cycles, managerName } = view
  const { currency, entitlementRule: rule } = programme
  const base = `/programmes/${programme.id}`
  const enrolmentStates = ['enrolled', 'paused', 'exited'] as const
  const recent = [...cycles].reverse().slice(-12)
  const anybody = enrolmentStates.some((state) => enrolments[state] > 0)
  const ruleText =
    rule.kind === 'fixed'
      ? t('overview.ruleFixed', { amount: format.money(rule.amount, currency) })
      : rule.kind === 'perMember'
        ? t('overview.rulePerMember', {
            base: format.money(rule.base, currency),
            perMember: format.money(rule.perMember, currency),
            maximum: format.number(rule.maximumMembers),
          })
        : t('rules.none')
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <StatCard
          label={t('fields.enrolled')}
          value={format.number(enrolments.enrolled)}
          icon={IconUsers}
          to={`${base}/enrolment`}
        />
        <StatCard
          label={t('fields.cycles')}
          value={format.number(cycles.length)}
          icon={IconCalendarEvent}
          to={`${base}/cycles`}
        />
        <StatCard
          label={t('fields.granted')}
          value={format.money(granted, currency)}
          icon={IconCoins}
          detail={
            programme.fund === null
              ? t('overview.noFund')
              : t('overview.ofFund', {
                  share: format.percent(programme.fund === 0 ? 0 : granted / programme.fund),
                  fund: format.money(programme.fund, currency),
                })
          }
        />
        <StatCard
          label={t('fields.paid')}
          value={format.money(paid, currency)}
          icon={IconCash}
          tone={paid > 0 ? 'good' : 'plain'}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('overview.paidByCycle')}>
          {recent.length === 0 ? (
            <EmptyState icon={IconCalendarEvent} title={t('cycles.empty')} />
          ) : (
            <Chart
              kind="bar"
              title={t('overview.paidByCycle')}
              valueText={(value) => format.money(value, currency)}
              items={recent.map(({ name, paid: sum }) => ({ label: name, value: sum, colour: 'moss' }))}
            />
          )}
        </Section>
        <Section title={t('overview.enrolmentStates')}>
          {anybody ? (
            <Chart
              kind="donut"
              title={t('overview.enrolmentStates')}
              items={enrolmentStates.map((state) => ({
                label: word('enrolment', state),
                value: enrolments[state],
                colour: lookOf('enrolment', state).colour,
              }))}
            />
          ) : (
            <EmptyState icon={IconUsers} title={t('enrolment.empty')} />
          )}
        </Section>
      </SimpleGrid>
      <Section title={t('overview.terms')}>
        <FactList
          facts={[
            { name: t('form.rule'), value: ruleText },
            {
              name: t('fields.fund'),
              value:
                programme.fund === null ? t('overview.noFund') : <Money minor={programme.fund} currency={currency} />,
            },
            { name: t('fields.manager'), value: managerName },
            {
              name: t('form.twoApprovers'),
              value:
                programme.twoApproversAbove === null ? (
                  t('overview.oneApprover')
                ) : (
                  <Money minor={programme.twoApproversAbove} currency={currency} />
                ),
            },
          ]}
        />
      </Section>
    </Stack>
  )
}
