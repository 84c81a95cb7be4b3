import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { usualConnector } from '../../../shared/rules/tokenisation/defaults.ts'
import { Section } from '../../components/section.tsx'
import { useFields } from './connector-fields.ts'
import classes from './tokens.module.css'
import type { ConnectorPart } from './use-connector-draft.ts'

/** How the seeder reads what it is sent, and what it hands back. */
export function MessageSection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { text } = useFields(part)
  const { draft, change, readOnly } = part
  const usual = usualConnector(draft.kind)
  const isUsual = draft.mapping === usual.mapping && draft.outputFormat === usual.outputFormat
  return (
    <Section
      title={t('parts.message')}
      description={t('partMeanings.message')}
      actions={
        !readOnly &&
        !isUsual && (
          <Button
            size="xs"
            variant="default"
            onClick={() => change({ mapping: usual.mapping, outputFormat: usual.outputFormat })}
          >
            {t('usualValues')}
          </Button>
        )
      }
    >
      <Stack>
        <Group grow preventGrowOverflow={false}>
          <TextInput label={t('fields.inputType')} value={t(`inputTypes.${draft.kind}`)} readOnly variant="filled" />
          <TextInput label={t('fields.outputType')} value={draft.outputType} readOnly variant="filled" dir="ltr" />
        </Group>
        <Textarea {...text('mapping')} className={classes.code} dir="ltr" autosize minRows={4} maxRows={16} />
        <Textarea {...text('outputFormat')} className={classes.code} dir="ltr" autosize minRows={4} maxRows={16} />
        <Text size="xs" c="dimmed">
          {t('explains.wrapped')}
        </Text>
      </Stack>
    </Section>
  )
}
