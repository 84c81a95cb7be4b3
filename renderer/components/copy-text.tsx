import { ActionIcon, CopyButton, Group, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** An id or a number that is often pasted elsewhere, with a button that copies it. */
export function CopyText({ value, monospace = true }: { value: string; monospace?: boolean }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex" maw="100%">
      <Text span inherit truncate {...(monospace ? { ff: 'monospace' } : {})} title={value} dir="ltr">
        <bdi>{value}</bdi>
      </Text>
      <CopyButton value={value} timeout={1_500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon size="sm" aria-label={copied ? t('copied') : t('copy')} onClick={copy}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
