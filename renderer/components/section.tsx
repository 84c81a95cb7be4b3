import { Group, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import classes from './section.module.css'

interface SectionProps {
  /** Where a link on the same screen leads to. */
  id?: string
  title: string
  description?: ReactNode
  /** Buttons at the end of the heading. */
  actions?: ReactNode
  children: ReactNode
  /** Tables and lists that reach the edge themselves. */
  flush?: boolean
}

/** A titled sheet on a screen. */
export function Section({ id: place, title, description, actions, children, flush = false }: SectionProps) {
  const id = useId()
  return (
    <section id={place} className={`office-sheet ${classes.section}`} aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" className={classes.heading}>
        <div>
          <Title order={2} id={id} size="h3">
            {title}
          </Title>
          {description && (
            <Text c="dimmed" size="sm" component="div">
              {description}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}
