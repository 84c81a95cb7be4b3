import { Alert, Anchor, Group, List, Text } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '../../i18n/format.ts'
import type { LookAlike } from './answers.ts'

/** Registrants who may be the same person, with the reasons. Nothing is shown when there are none. */
export function LookAlikes({ found }: { found: readonly LookAlike[] | undefined }) {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  if (!found || found.length === 0) return null
  return (
    <Alert color="ochre" variant="light" icon={<IconUsers size={18} />} title={t('lookAlikes.title')} role="status">
      <List listStyleType="none" spacing={4}>
        {found.map(({ id, name, registryNumber, birthdate, area, reasons }) => (
          <List.Item key={id}>
            <Group gap="xs">
              <Anchor component={Link} to={`/registrants/${id}`}>
                <bdi>{name}</bdi>
              </Anchor>
              <Text span size="sm" c="dimmed">
                {[registryNumber, birthdate === null ? '' : format.day(birthdate), area].filter(Boolean).join(' · ')}
              </Text>
              <Text span size="sm">
                {format.list(reasons.map((reason) => t(`lookAlikes.reasons.${reason}`)))}
              </Text>
            </Group>
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
