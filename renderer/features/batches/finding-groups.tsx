import { Accordion, Anchor, Badge, Group, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Money } from '../../components/money.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchCheck } from './answers.ts'
import { fixLink } from './links.ts'
import { sentenceOf } from './reason-words.ts'

/** The values of the sentence, where they are the same for everybody in the group. */
function sharedParams(first: BatchCheck['groups'][number]['first']): Readonly<Record<string, string | number>> {
  const [one] = first
  const same = first.every(({ params }) => JSON.stringify(params) === JSON.stringify(one?.params))
  return same ? (one?.params ?? {}) : {}
}

interface FindingGroupsProps {
  groups: BatchCheck['groups']
  currency: string
  /** Names how bad each is; without it all block. */
  withSeverity?: boolean
}

/** What pre-flight found, one sentence for each reason, with the people behind it and where to mend it. */
export function FindingGroups({ groups, currency, withSeverity = false }: FindingGroupsProps) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  return (
    <Accordion multiple chevronPosition="left" order={3}>
      {groups.map((group) => (
        <Accordion.Item key={`${group.severity}${group.code}`} value={`${group.severity}${group.code}`}>
          <Accordion.Control>
            <Group justify="space-between" wrap="nowrap" gap="md" pe="md">
              <Group gap="xs" wrap="nowrap" align="flex-start">
                {withSeverity && (
                  <Badge
                    color={group.severity === 'blocks' ? 'brick' : 'ochre'}
                    variant="light"
                    radius="sm"
                    tt="none"
                    style={{ flex: 'none' }}
                  >
                    {t(`preflight.${group.severity}`)}
                  </Badge>
                )}
                <Text fw={540}>{sentenceOf(t, group.code, sharedParams(group.first))}</Text>
              </Group>
              <Text c="dimmed" className="office-figures" style={{ whiteSpace: 'nowrap' }}>
                {t('plan.groupCount', { count: group.count, number: format.number(group.count) })}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <List listStyleType="none" spacing={6}>
              {group.first.map(({ paymentId, registrantId, registrantName, amount, fix }) => (
                <List.Item key={paymentId}>
                  <Group gap="sm">
                    <Anchor component={Link} to={`/registrants/${registrantId}`}>
                      <bdi>{registrantName}</bdi>
                    </Anchor>
                    <Money minor={amount} currency={currency} c="dimmed" />
                    {(fix.kind !== 'registrant' || fix.id !== registrantId) && (
                      <Anchor component={Link} to={fixLink(fix)} size="sm">
                        {t(`fix.${fix.kind}`)}
                      </Anchor>
                    )}
                  </Group>
                </List.Item>
              ))}
            </List>
            {group.count > group.first.length && (
              <Text c="dimmed" mt="xs">
                {t('plan.more', {
                  count: group.count - group.first.length,
                  number: format.number(group.count - group.first.length),
                })}
              </Text>
            )}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}
