import { MultiSelect, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import { sendableFields } from '../../../shared/rules/tokenisation/demographics.ts'
import { FilterField } from '../../components/filter/filter-field.tsx'
import { Section } from '../../components/section.tsx'
import { useFields } from './connector-fields.ts'
import type { ConnectorPart } from './use-connector-draft.ts'

const schema = filterSchemas(2).registrant

/** Whom a registry connector takes, and what of them is sent. */
export function PeopleSection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { words } = useFields(part)
  const { draft, change, readOnly } = part
  return (
    <Section title={t('parts.people')} description={t('partMeanings.people')}>
      <Stack>
        <FilterField
          label={t('fields.filter')}
          schema={schema}
          value={draft.filter}
          onChange={(filter) => change({ filter })}
        />
        <MultiSelect
          {...words('fields')}
          {...part.firstBelow('fields')}
          value={[...draft.fields]}
          onChange={(fields) => change({ fields })}
          data={sendableFields.map((field) => ({ value: field, label: field }))}
          renderOption={({ option }) => (
            <span>
              <bdi dir="ltr">{option.value}</bdi> · {t(`sendable.${option.value}`)}
            </span>
          )}
          readOnly={readOnly}
          searchable
          hidePickedOptions
        />
      </Stack>
    </Section>
  )
}
