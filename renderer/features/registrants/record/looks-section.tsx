import { Anchor, Group, Select, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { MomentText } from '../../../components/moment-text.tsx'
import { Section } from '../../../components/section.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { View } from '../answers.ts'

const SHOWN = 50
const PLACES = ['contacts', 'identity'] as const

/** Full values of this registrant that somebody may have looked at, by the ids that the trail knows them by. */
function valuesOf(view: View): { readonly id: string; readonly hint: string; readonly kind: string }[] {
  return [
    ...view.accountHints.map(({ id, hint }) => ({ id, hint, kind: 'account' })),
    ...view.phoneHints.map(({ id, hint }) => ({ id, hint, kind: 'phone' })),
    ...view.emailHints.map(({ id, hint }) => ({ id, hint, kind: 'email' })),
    ...view.identityHints.map(({ id, hint }) => ({ id, hint, kind: 'identity' })),
  ]
}

/** Who looked at a full account, phone, e-mail or identity number, when and where; for those who may read the trail. */
export function LooksSection({ view, nameOf }: { view: View; nameOf: (officerId: string) => string }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const format = useFormat()
  const [contactId, setContactId] = useState<string | null>(null)
  const values = valuesOf(view)
  const query = useQuery(
    api.audit.looks.queryOptions(
      { registrantId: view.id, limit: SHOWN, ...(contactId === null ? {} : { contactId }) },
      { kinds: ['registrant', 'identityNumber'] },
    ),
  )
  const wordOf = (kind: string, id: string): string => {
    const hint = values.find((value) => value.id === id)?.hint
    return [t(`looks.kinds.${kind}`, { defaultValue: kind }), hint ?? t('looks.gone')].join(' ')
  }
  const placeOf = (screen: string): string => {
    const place = PLACES.find((known) => known === screen)
    return place === undefined ? '—' : t(`looks.places.${place}`)
  }
  const trail = new URLSearchParams({
    action: 'registrant.revealed',
    subjectKind: 'registrant',
    subjectId: view.id,
    ...(contactId === null ? {} : { contactId }),
  })
  return (
    <Section title={t('looks.title')} description={t('looks.meaning')}>
      <Stack gap="sm">
        {values.length > 0 && (
          <Select
            aria-label={t('looks.which')}
            placeholder={t('looks.all')}
            value={contactId}
            onChange={setContactId}
            clearable
            maw={360}
            data={values.map(({ id, kind }) => ({ value: id, label: wordOf(kind, id) }))}
          />
        )}
        <Answer query={query}>
          {({ looks, total, lists }) => (
            <Stack gap="sm">
              {looks.length === 0 ? (
                <Text c="dimmed">{t('looks.none')}</Text>
              ) : (
                <Table.ScrollContainer minWidth={480}>
                  <Table>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>{t('looks.when')}</Table.Th>
                        <Table.Th>{t('looks.who')}</Table.Th>
                        <Table.Th>{t('looks.what')}</Table.Th>
                        <Table.Th>{t('looks.where')}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {looks.map(({ position, moment, officerId, kind, contactId: id, screen }) => (
                        <Table.Tr key={position}>
                          <Table.Td>
                            <MomentText at={moment} show="date" />
                          </Table.Td>
                          <Table.Td>
                            <bdi>{nameOf(officerId)}</bdi>
                          </Table.Td>
                          <Table.Td>
                            <bdi>{wordOf(kind, id)}</bdi>
                          </Table.Td>
                          <Table.Td>{placeOf(screen)}</Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
              )}
              <Group>
                <Anchor component={Link} to={`/audit?${trail}`}>
                  {t('looks.inTrail', { count: total, number: format.number(total) })}
                </Anchor>
                {lists.length > 0 && (
                  <Anchor component={Link} to="/audit?action=registry.exported">
                    {t('looks.lists', { count: lists.length, number: format.number(lists.length) })}
                  </Anchor>
                )}
              </Group>
            </Stack>
          )}
        </Answer>
      </Stack>
    </Section>
  )
}
