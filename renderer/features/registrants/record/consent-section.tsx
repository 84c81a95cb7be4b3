import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { Answer } from '../../../components/answer.tsx'
import { ConsentDialog } from '../../../components/consent/consent-dialog.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { Section } from '../../../components/section.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { View } from '../answers.ts'

/** Whether the person lets the office ask the ID system for a token. */
export function ConsentSection({ view, mayEdit }: { view: View; mayEdit: boolean }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const ask = useDialog()
  const format = useFormat()
  const { id, name } = view
  const query = useQuery(api.tokenisation.consents.of.queryOptions({ registrantId: id }, { kinds: ['consent'] }))
  const write = (given: boolean): void =>
    void ask((close) => <ConsentDialog registrantIds={[id]} name={name} given={given} onClose={() => close()} />)
  const given = query.data?.given === true
  return (
    <Section
      title={t('consent.section')}
      description={t('consent.sectionMeaning')}
      actions={
        mayEdit &&
        query.data !== undefined && (
          <Button size="compact-sm" variant="subtle" onClick={() => write(!given)}>
            {t(given ? 'consent.withdrawDeed' : 'consent.giveDeed')}
          </Button>
        )
      }
    >
      <Answer query={query}>
        {(consent) =>
          consent === null ? (
            <Text c="dimmed">{t('consent.none')}</Text>
          ) : (
            <>
              <Text>
                {t(consent.given ? 'consent.given' : 'consent.wasWithdrawn', {
                  day: format.day(consent.on),
                  how: t(`consent.ways.${consent.how}`),
                })}
              </Text>
              {consent.note !== '' && (
                <Text size="sm" c="dimmed">
                  <bdi>{consent.note}</bdi>
                </Text>
              )}
            </>
          )
        }
      </Answer>
    </Section>
  )
}
