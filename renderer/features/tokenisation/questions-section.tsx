import { ActionIcon, Autocomplete, Button, Group, MultiSelect, Select, Stack, TagsInput, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { MatchingRule, SubmissionTarget } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { useFields } from './connector-fields.ts'
import { FormPreview } from './form-preview.tsx'
import { askingOf } from './odk-asking.ts'
import type { ConnectorPart } from './use-connector-draft.ts'

const MOST = 50

/** What each question of the form is in the registry, and by what people are found again. */
export function QuestionsSection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const { words } = useFields(part)
  const { draft, changeOdk, wrongAt, readOnly, password, hasPassword } = part
  const { mapping, consentAnswers, matching, projectId, formId, odataUrl } = draft.odk
  const isKnown = (hasPassword || password !== '') && (odataUrl !== '' || (projectId !== '' && formId !== ''))
  const questions = useQuery(api.odk.questions.queryOptions(askingOf(part), { enabled: !readOnly && isKnown }))
  const paths = questions.data?.map(({ path }) => path) ?? []
  return (
    <Section title={t('parts.questions')} description={t('partMeanings.questions')}>
      <Stack>
        <div>
          <Text fw={500} size="sm" mb={6}>
            {t('fields.odk.mapping')}
          </Text>
          <Stack gap={6}>
            {mapping.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: questions have no other name than their place, and rows keep no state
              <Group key={index} wrap="nowrap" gap="xs" align="flex-start">
                <Autocomplete
                  flex={1}
                  aria-label={t('questions.path')}
                  placeholder={t('questions.path')}
                  value={row.path}
                  data={paths}
                  onChange={(path) => changeOdk({ mapping: mapping.with(index, { ...row, path }) })}
                  error={wrongAt(`odk.mapping.${index}.path`)}
                  dir="ltr"
                  readOnly={readOnly}
                />
                <Select
                  flex={1}
                  aria-label={t('questions.target', { path: row.path })}
                  value={row.target}
                  data={SubmissionTarget.options.map((one) => ({ value: one, label: t(`targets.${one}`) }))}
                  onChange={(chosen) => {
                    const target = SubmissionTarget.options.find((one) => one === chosen)
                    if (target) changeOdk({ mapping: mapping.with(index, { ...row, target }) })
                  }}
                  allowDeselect={false}
                  readOnly={readOnly}
                />
                <ActionIcon
                  variant="subtle"
                  size="lg"
                  aria-label={t('questions.remove', { path: row.path })}
                  disabled={readOnly}
                  onClick={() => changeOdk({ mapping: mapping.toSpliced(index, 1) })}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            ))}
          </Stack>
          <Button
            mt={6}
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            disabled={readOnly || mapping.length >= MOST}
            onClick={() => changeOdk({ mapping: [...mapping, { path: '', target: 'name' }] })}
          >
            {t('questions.add')}
          </Button>
        </div>
        <TagsInput
          {...words('odk.consentAnswers')}
          value={[...consentAnswers]}
          onChange={(answers) => changeOdk({ consentAnswers: answers })}
          maxTags={10}
          readOnly={readOnly}
        />
        <MultiSelect
          {...words('odk.matching')}
          value={[...matching]}
          onChange={(chosen) => changeOdk({ matching: MatchingRule.options.filter((one) => chosen.includes(one)) })}
          data={MatchingRule.options.map((one) => ({ value: one, label: t(`rules.${one}`) }))}
          readOnly={readOnly}
        />
        {!readOnly && <FormPreview {...part} enabled={isKnown} />}
      </Stack>
    </Section>
  )
}
