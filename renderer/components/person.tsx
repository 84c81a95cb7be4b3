import { Avatar, Group, Text } from '@mantine/core'
import { IconUser, IconUsersGroup } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface PersonProps {
  name: string
  kind?: 'individual' | 'group'
  /** Second line: registry number, area, role… */
  detail?: ReactNode
}

/** A registrant or an officer in one line: picture by kind, name in its own script's direction, a detail. */
export function Person({ name, kind = 'individual', detail }: PersonProps) {
  const Picture = kind === 'group' ? IconUsersGroup : IconUser
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Avatar size={26} radius="xl" color={kind === 'group' ? 'slate' : 'spruce'} variant="light" aria-hidden>
        <Picture size={15} stroke={1.75} />
      </Avatar>
      <div style={{ minWidth: 0 }}>
        <Text truncate fw={500} lh={1.3}>
          <bdi>{name}</bdi>
        </Text>
        {detail && (
          <Text truncate size="xs" c="dimmed" lh={1.3} component="div">
            {detail}
          </Text>
        )}
      </div>
    </Group>
  )
}
