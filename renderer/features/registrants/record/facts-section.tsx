import { useTranslation } from 'react-i18next'
import { FactList } from '../../../components/fact-list.tsx'
import { Section } from '../../../components/section.tsx'
import { useFormat } from '../../../i18n/format.ts'
import type { View } from '../answers.ts'

/** What is known about a registrant. */
export function FactsSection({ view }: { view: View }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  const person = [
    { name: t('fields.givenName'), value: view.givenName },
    { name: t('fields.familyName'), value: view.familyName },
    { name: t('fields.additionalName'), value: view.additionalName },
    { name: t('fields.birthdate'), value: view.birthdate === null ? '' : format.day(view.birthdate) },
    { name: t('fields.gender'), value: view.gender === '' ? '' : t(`genders.${view.gender}`) },
  ]
  const group = [{ name: t('fields.groupKind'), value: view.groupKind }]
  return (
    <Section title={t('record.facts')}>
      <FactList
        facts={[
          { name: t('fields.registryNumber'), value: view.registryNumber },
          ...(view.kind === 'individual' ? person : group),
          { name: t('fields.address'), value: view.address },
          { name: t('fields.area'), value: view.area },
          { name: t('fields.modeOfPayment'), value: t(`modes.${view.modeOfPayment}`) },
          { name: t('fields.tags'), value: view.tags.join(', ') },
          { name: t('fields.registrationDate'), value: format.day(view.registrationDate) },
        ]}
      />
    </Section>
  )
}
