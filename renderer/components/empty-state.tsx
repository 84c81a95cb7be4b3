import { Stack, Text } from '@mantine/core'
import { type Icon, IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  title: string
  /** What to do so that there is something. */
  description?: ReactNode
  icon?: Icon
  /** The one thing to do, usually a button. */
  action?: ReactNode
}

/** Nothing here, why, and what to do about it. */
export function EmptyState({ title, description, icon: Picture = IconInbox, action }: EmptyStateProps) {
  return (
    <Stack align="center" justify="center" gap="xs" py="xl" px="md" ta="center" mih={180}>
      <Picture size={34} stroke={1.25} color="var(--office-muted)" aria-hidden />
      <Text fw={600} size="lg">
        {title}
      </Text>
      {description && (
        <Text c="dimmed" maw={420} component="div">
          {description}
        </Text>
      )}
      {action}
    </Stack>
  )
}
