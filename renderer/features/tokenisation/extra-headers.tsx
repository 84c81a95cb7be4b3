import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { ConnectorPart } from './use-connector-draft.ts'

const MOST = 20

/** Headers that the seeder adds to each of its calls. */
export function ExtraHeaders({ draft, changeCallback, wrongAt, readOnly }: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { extraHeaders } = draft.callback
  return (
    <div>
      <Text fw={500} size="sm">
        {t('fields.callback.extraHeaders')}
      </Text>
      {extraHeaders.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: headers have no other name than their place, and rows keep no state
        <Group key={index} align="flex-start" wrap="nowrap" gap="xs" mt={6}>
          <TextInput
            aria-label={t('headers.name')}
            placeholder={t('headers.name')}
            value={header.name}
            onChange={(event) =>
              changeCallback({
                extraHeaders: extraHeaders.with(index, { ...header, name: event.currentTarget.value.trim() }),
              })
            }
            error={wrongAt(`callback.extraHeaders.${index}.name`)}
            dir="ltr"
            readOnly={readOnly}
          />
          <TextInput
            flex={1}
            aria-label={t('headers.value')}
            placeholder={t('headers.value')}
            value={header.value}
            onChange={(event) =>
              changeCallback({
                extraHeaders: extraHeaders.with(index, { ...header, value: event.currentTarget.value }),
              })
            }
            error={wrongAt(`callback.extraHeaders.${index}.value`)}
            dir="ltr"
            readOnly={readOnly}
          />
          <ActionIcon
            variant="subtle"
            size="lg"
            aria-label={t('headers.remove')}
            onClick={() => changeCallback({ extraHeaders: extraHeaders.toSpliced(index, 1) })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        mt={6}
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        disabled={readOnly || extraHeaders.length >= MOST}
        onClick={() => changeCallback({ extraHeaders: [...extraHeaders, { name: '', value: '' }] })}
      >
        {t('headers.add')}
      </Button>
    </div>
  )
}
