import { ActionIcon, Button, Group, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { BatchTag } from '../../../shared/model/payment-manager.ts'
import { filterSchemas } from '../../../shared/rules/filter/index.ts'
import { FilterField } from '../../components/filter/filter-field.tsx'
import { Section } from '../../components/section.tsx'
import { newTagId } from './manager-draft.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'
import classes from './settings.module.css'

const schema = filterSchemas(2).entitlement

/** Which payments go into which batch: the first tag that matches, in this order; the last one takes the rest. */
export function BatchTagsSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { flag } = useFields(part)
  const { draft, change, wrongAt, doubtAt } = part
  const tags = draft.batchTags
  const put = (index: number, tag: Partial<BatchTag>): void =>
    change({ batchTags: tags.map((known, at) => (at === index ? { ...known, ...tag } : known)) })
  const move = (index: number, by: 1 | -1): void => {
    const next = [...tags]
    const [tag] = next.splice(index, 1)
    if (tag) next.splice(index + by, 0, tag)
    change({ batchTags: next })
  }
  const add = (): void => {
    const tag = {
      id: newTagId(),
      name: '',
      filter: "[('partner_id.mode_of_payment', '=', 'digital')]",
      maximumBatchSize: 500,
    }
    change({ batchTags: [...tags.slice(0, -1), tag, ...tags.slice(-1)] })
  }
  return (
    <Section
      id={placeOf('tags')}
      title={t('form.tags')}
      description={t('form.tagsMeaning')}
      actions={
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
          {t('form.addTag')}
        </Button>
      }
    >
      <Stack>
        <Switch {...flag('createBatch')} />
        {tags.map((tag, index) => {
          const last = index === tags.length - 1
          const path = `batchTags.${index}`
          const filterWords = wrongAt(`${path}.filter`) ?? doubtAt(`${path}.filter`)
          return (
            <div key={tag.id} className={classes.tag}>
              <Stack gap="xs">
                <Group align="flex-start" wrap="nowrap">
                  <TextInput
                    label={t('form.tagName')}
                    value={tag.name}
                    onChange={(event) => put(index, { name: event.currentTarget.value })}
                    error={wrongAt(`${path}.name`)}
                    maxLength={200}
                    style={{ flex: 1 }}
                  />
                  <NumberInput
                    label={t('form.tagSize')}
                    value={tag.maximumBatchSize}
                    onChange={(value) => put(index, { maximumBatchSize: Number(value) })}
                    error={wrongAt(`${path}.maximumBatchSize`)}
                    min={1}
                    max={10_000}
                    allowDecimal={false}
                    w={130}
                  />
                  <Group gap={4} mt={26} wrap="nowrap">
                    <ActionIcon aria-label={t('form.up')} disabled={index === 0} onClick={() => move(index, -1)}>
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon aria-label={t('form.down')} disabled={last} onClick={() => move(index, 1)}>
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={t('form.removeTag', { name: tag.name })}
                      disabled={tags.length === 1}
                      onClick={() => change({ batchTags: tags.filter((_, at) => at !== index) })}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                </Group>
                {last && tag.filter.trim() === '[]' ? (
                  <Text size="sm" c="dimmed">
                    {t('form.catchAll')}
                  </Text>
                ) : (
                  <FilterField
                    label={t('form.tagFilter')}
                    schema={schema}
                    value={tag.filter}
                    onChange={(filter) => put(index, { filter })}
                  />
                )}
                {filterWords && (
                  <Text size="sm" c="ochre" role="alert">
                    {filterWords}{' '}
                    {last && tag.filter.trim() !== '[]' && (
                      <Button size="compact-xs" variant="light" onClick={() => put(index, { filter: '[]' })}>
                        {t('form.takeAll')}
                      </Button>
                    )}
                  </Text>
                )}
              </Stack>
            </div>
          )
        })}
      </Stack>
    </Section>
  )
}
