import { Text, UnstyledButton } from '@mantine/core'
import { type Icon, IconChevronRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './choice.module.css'

interface ChoiceProps {
  icon?: Icon
  picture?: ReactNode
  title: ReactNode
  description: ReactNode
  end?: ReactNode
  onClick: () => void
  disabled?: boolean
}

/** One of a few ways to go on, as a large button. */
export function Choice({ icon: Picture, picture, title, description, end, onClick, disabled = false }: ChoiceProps) {
  return (
    <UnstyledButton className={`office-sheet ${classes.choice}`} onClick={onClick} disabled={disabled}>
      {Picture ? <Picture size={24} stroke={1.5} aria-hidden className={classes.icon} /> : picture}
      <span className={classes.words}>
        <Text span fw={620} size="lg" lh={1.35}>
          {title}
        </Text>
        <Text span c="dimmed" size="md">
          {description}
        </Text>
      </span>
      {end}
      <IconChevronRight size={17} aria-hidden className={classes.arrow} />
    </UnstyledButton>
  )
}
