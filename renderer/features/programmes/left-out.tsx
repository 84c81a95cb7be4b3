import { Alert, List, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'

interface LeftOutProps {
  /** How many, by code of the reason. */
  leftOut: Readonly<Record<string, number>>
  onClose?: () => void
}

/** Who was left out of a bulk step, and why. */
export function LeftOut({ leftOut, onClose }: LeftOutProps) {
  const { t } = useTranslation('programmes')
  const format = useFormat()
  const entries = Object.entries(leftOut).filter(([, count]) => count > 0)
  if (entries.length === 0) return null
  return (
    <Alert
      color="ochre"
      icon={<IconInfoCircle size={18} />}
      title={t('leftOut.title')}
      withCloseButton={onClose !== undefined}
      closeButtonLabel={t('leftOut.close')}
      {...(onClose ? { onClose } : {})}
    >
      <List size="md">
        {entries.map(([code, count]) => (
          <List.Item key={code}>
            <Text span fw={600} className="office-figures">
              {format.number(count)}
            </Text>{' '}
            {codeSentence(t, code)}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
