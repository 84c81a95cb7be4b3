import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconKey, IconPrinter } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { PrintArea } from './print-area.tsx'

interface RecoveryKeyShownProps {
  text: string
  onHide?: () => void
}

/** A recovery key the one time that it is told, to be written down or printed. */
export function RecoveryKeyShown({ text, onHide }: RecoveryKeyShownProps) {
  const { t } = useTranslation('backups')
  return (
    <Alert color="ochre" title={t('recovery.shown')} icon={<IconKey size={18} />}>
      <Stack gap="sm">
        <Text>{t('recovery.shownMeaning')}</Text>
        <Code block dir="ltr" data-recovery-key>
          {text}
        </Code>
        <Group>
          <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('recovery.print')}
          </Button>
          {onHide && (
            <Button variant="subtle" onClick={onHide}>
              {t('recovery.hide')}
            </Button>
          )}
        </Group>
      </Stack>
      <PrintArea title={t('recovery.shown')} subtitle={t('recovery.shownMeaning')}>
        <Code block dir="ltr" fz="xl">
          {text}
        </Code>
      </PrintArea>
    </Alert>
  )
}
