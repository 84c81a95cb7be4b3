import { Alert, Anchor, Group, Stack, Text, Timeline, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { CopyText } from '../../components/copy-text.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MaskedValue } from '../../components/masked-value.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Money } from '../../components/money.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { useFormat } from '../../i18n/format.ts'
import type { PaymentPage } from './answers.ts'
import { outcomeColours } from './outcome-colours.ts'
import { PaymentDeed } from './payment-deed.tsx'
import { PrintPayment } from './payment-print.tsx'
import { sentenceOf, useReasonWords } from './reason-words.ts'
import { SetApartDeed } from './set-apart-deed.tsx'
import { type StoryEvent, storyOf } from './story.ts'

/** Everything about one payment: what it is, its one action if it needs one, what was done and said, other attempts. */
export function PaymentStory({ page, inBatch = false }: { page: PaymentPage; inBatch?: boolean }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const reasonWords = useReasonWords()
  const { payment, attempts } = page
  const reason = reasonWords(payment)
  const others = attempts.filter(({ id }) => id !== payment.id)
  const isSetApart =
    payment.state === 'cancelled' &&
    (payment.reasonCode === 'mapper.payee-changed' || payment.reasonCode === 'mapper.payee-vanished') &&
    !others.some(({ attempt }) => attempt > payment.attempt)
  const isGroup = payment.payeeId !== '' && payment.payeeId !== payment.registrantId
  return (
    <Stack>
      <Group gap="sm">
        <StateBadge kind="payment" state={payment.state} size="lg" />
        <Money minor={payment.amount} currency={payment.currency} fw={640} size="lg" />
        <PrintPayment page={page} />
      </Group>
      {reason !== '' && (
        <Alert color={lookOf('payment', payment.state).colour} variant="light">
          {reason}
        </Alert>
      )}
      {isSetApart && <SetApartDeed payment={payment} />}
      <PaymentDeed
        payment={payment}
        officers={page.officers}
        needsProof={page.needsProof}
        part={page.posts.at(-1)?.part ?? null}
      />
      <FactList
        facts={[
          {
            name: t('columns.holder'),
            value: (
              <Anchor component={Link} to={`/registrants/${payment.registrantId}`}>
                <bdi>{payment.registrantName}</bdi>
              </Anchor>
            ),
          },
          ...(isGroup
            ? [
                {
                  name: t('columns.payee'),
                  value: (
                    <Anchor component={Link} to={`/registrants/${payment.payeeId}`}>
                      <bdi>{payment.payeeName}</bdi>
                    </Anchor>
                  ),
                },
              ]
            : []),
          {
            name: t('columns.address'),
            value: payment.payeeAddressHint && (
              <MaskedValue hint={payment.payeeAddressHint} name={t('columns.address')} />
            ),
          },
          ...(payment.mapped === undefined
            ? []
            : [
                {
                  name: t('story.source'),
                  value:
                    payment.mapped.provider === '' ? (
                      t('story.mapperOnly')
                    ) : (
                      <bdi>{t('story.mapper', { provider: payment.mapped.provider })}</bdi>
                    ),
                },
                { name: t('story.askedAt'), value: <MomentText at={payment.mapped.at} show="date" /> },
                { name: t('story.mapperReference'), value: <CopyText value={payment.mapped.reference} /> },
              ]),
          {
            name: t('columns.amountPaid'),
            value: payment.amountPaid === null ? '' : <Money minor={payment.amountPaid} currency={payment.currency} />,
          },
          { name: t('story.attempt'), value: format.number(payment.attempt) },
          { name: t('story.reference'), value: <CopyText value={payment.id} /> },
          ...(inBatch || page.batchName === ''
            ? []
            : [
                {
                  name: t('story.batch'),
                  value: (
                    <Anchor component={Link} to={`/batches/${payment.batchId}`}>
                      <bdi>{page.batchName}</bdi>
                    </Anchor>
                  ),
                },
              ]),
        ]}
      />
      <section>
        <Title order={3} mb="sm">
          {t('story.events')}
        </Title>
        <Events page={page} />
      </section>
      {others.length > 0 && (
        <section>
          <Title order={3} mb="xs">
            {t('story.otherAttempts')}
          </Title>
          <Stack gap="xs">
            {others.map((other) => (
              <Group key={other.id} gap="sm">
                <Anchor component={Link} to={`/batches/payments/${other.id}`}>
                  {t('story.attemptNumber', { number: format.number(other.attempt) })}
                </Anchor>
                <StateBadge kind="payment" state={other.state} />
                <Text size="sm" c="dimmed">
                  {reasonWords(other)}
                </Text>
              </Group>
            ))}
          </Stack>
        </section>
      )}
    </Stack>
  )
}

function Events({ page }: { page: PaymentPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const events = storyOf(page)
  return (
    <Timeline active={events.length} bulletSize={14} lineWidth={2} color="gray">
      {events.map((event) => (
        <Timeline.Item
          key={`${event.kind}${event.at}${event.kind === 'posted' ? event.post.id : ''}${event.kind === 'said' ? event.observation.id : ''}`}
          title={<EventTitle event={event} page={page} />}
          color={colourOf(event, page)}
        >
          <EventDetail event={event} page={page} />
          <Text size="xs" c="dimmed">
            <MomentText at={event.at} show="date" />
            {event.kind === 'said' && event.observation.theirTime !== '' && (
              <> · {t('story.theirTime', { time: readableTime(event.observation.theirTime, format.moment) })}</>
            )}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  )
}

/** Their time as they wrote it, in the officer's manner where it can be read. */
function readableTime(text: string, format: (milliseconds: number) => string): string {
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? text : format(milliseconds)
}

const colourOfStatus: Readonly<Record<PaymentPage['observations'][number]['status'], string>> = {
  rcvd: 'slate',
  pdng: 'slate',
  succ: 'moss',
  rjct: 'brick',
  absent: 'ochre',
  reversed: 'brick',
  undecidable: 'ochre',
  other: 'ochre',
}

function colourOf(event: StoryEvent, { payment }: PaymentPage): string {
  if (event.kind === 'posted') return outcomeColours[event.post.outcome]
  if (event.kind === 'said') return colourOfStatus[event.observation.status]
  return event.kind === 'state' ? lookOf('payment', payment.state).colour : 'gray'
}

function EventTitle({ event, page }: { event: StoryEvent; page: PaymentPage }) {
  const { t } = useTranslation('batches')
  switch (event.kind) {
    case 'prepared':
    case 'submitted':
      return t(`story.${event.kind}`, { name: page.officers[event.by] ?? t('theOffice') })
    case 'posted':
      return t(`outcomes.${event.post.outcome}`)
    case 'said':
      return t(`story.said.${event.observation.status}`)
    case 'state':
      return <StateBadge kind="payment" state={page.payment.state} />
  }
}

/** What stands under the title of something posted or said. */
function EventDetail({ event, page }: { event: StoryEvent; page: PaymentPage }) {
  const { t } = useTranslation('batches')
  if (event.kind !== 'said' && event.kind !== 'posted') return null
  const { code, text } = event.kind === 'said' ? event.observation : event.post
  return (
    <div>
      {event.kind === 'said' && <Text size="sm">{t(`story.sources.${event.observation.source}`)}</Text>}
      {event.kind === 'said' && event.observation.amount !== null && (
        <Text size="sm">
          {t(event.observation.status === 'succ' ? 'columns.amountPaid' : 'columns.amount')}:{' '}
          <Money minor={event.observation.amount} currency={event.observation.currency || page.payment.currency} />
        </Text>
      )}
      {code !== '' && <Text size="sm">{sentenceOf(t, code, { host: page.managerName })}</Text>}
      {text !== '' && (
        <Text size="sm" c="dimmed">
          <bdi>{text}</bdi>
        </Text>
      )}
    </div>
  )
}
