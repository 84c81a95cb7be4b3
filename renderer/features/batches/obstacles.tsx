import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import type { Plan } from './answers.ts'
import { fixLink } from './links.ts'

/** What stands in the way of all payments together, with its figures and the place where it is mended. */
export function Obstacles({ obstacles }: { obstacles: Plan['obstacles'] }) {
  const { t } = useTranslation('batches')
  return obstacles.map((obstacle) => (
    <Alert key={obstacle.code} color="brick" icon={<IconAlertTriangle size={18} />} role="alert">
      <Group justify="space-between">
        <Text>{codeSentence(t, obstacle.code, obstacle.params)}</Text>
        <Button component={Link} to={fixLink(obstacle.fix)} size="xs" variant="light" color="brick">
          {t(`fix.${obstacle.fix.kind}`)}
        </Button>
      </Group>
    </Alert>
  ))
}
