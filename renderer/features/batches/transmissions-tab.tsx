import { Badge, Stack, Table, Text } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { CopyText } from '../../components/copy-text.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { shortDigest } from './batch-life.ts'
import { outcomeColours } from './outcome-colours.ts'
import { partName } from './part-name.ts'
import { PartsNow } from './parts-now.tsx'
import { sentenceOf } from './reason-words.ts'

/** The messages of a batch, each with its posts and how they ended. */
export function TransmissionsTab({ page: { batch, transmissions, managerName } }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  if (transmissions.length === 0) {
    return <EmptyState icon={IconSend} title={t('transmissions.none')} description={t('transmissions.noneHint')} />
  }
  return (
    <Stack>
      <PartsNow batchId={batch.id} />
      {transmissions.map((transmission) => {
        const ended = new Set(
          transmission.deliveries.filter(({ outcome }) => outcome !== 'posting').map(({ post }) => post),
        )
        const posts = transmission.deliveries.filter(({ outcome, post }) => outcome !== 'posting' || !ended.has(post))
        return (
          <Section
            key={transmission.id}
            title={t('transmissions.part', { part: partName(transmission.part, format) })}
            description={
              transmission.envelope > 1
                ? t('transmissions.envelope', { envelope: format.number(transmission.envelope) })
                : undefined
            }
          >
            <FactList
              facts={[
                { name: t('transmissions.payments'), value: format.number(transmission.count) },
                { name: t('transmissions.messageId'), value: <CopyText value={transmission.messageId} /> },
                { name: t('transmissions.transactionId'), value: <CopyText value={transmission.transactionId} /> },
                { name: t('transmissions.digest'), value: <bdi>{shortDigest(transmission.messageDigest)}</bdi> },
                {
                  name: t('transmissions.validUntil'),
                  value:
                    transmission.validUntil === null ? (
                      t('transmissions.unlimited')
                    ) : (
                      <MomentText at={transmission.validUntil} show="date" />
                    ),
                },
              ]}
            />
            <Table.ScrollContainer minWidth={520} mt="sm">
              <Table verticalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('transmissions.post')}</Table.Th>
                    <Table.Th>{t('transmissions.when')}</Table.Th>
                    <Table.Th>{t('transmissions.outcome')}</Table.Th>
                    <Table.Th>{t('transmissions.correlationId')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {posts.map((post) => (
                    <Table.Tr key={post.id}>
                      <Table.Td className="office-figures">{format.number(post.post)}</Table.Td>
                      <Table.Td>
                        <MomentText at={post.changedAt} show="date" />
                      </Table.Td>
                      <Table.Td>
                        <Badge color={outcomeColours[post.outcome]} variant="light" radius="sm" tt="none">
                          {t(`outcomes.${post.outcome}`)}
                        </Badge>
                        {post.code !== '' && (
                          <Text size="sm">
                            {sentenceOf(t, post.code, { host: managerName, status: post.httpStatus ?? '' })}
                          </Text>
                        )}
                        {post.text !== '' && (
                          <Text size="sm" c="dimmed">
                            <bdi>{post.text}</bdi>
                          </Text>
                        )}
                        {post.httpStatus !== null && (
                          <Text size="xs" c="dimmed">
                            {t('transmissions.httpStatus', { status: post.httpStatus })}
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td>{post.correlationId === '' ? '—' : <CopyText value={post.correlationId} />}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Section>
        )
      })}
    </Stack>
  )
}
