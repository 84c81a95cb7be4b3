import type { ReactNode } from 'react'
import classes from './screen.module.css'

interface ScreenProps {
  children: ReactNode
  /** `page` scrolls as a whole and has a comfortable measure; `full` fills the window, for screens that are one table. */
  layout?: 'page' | 'full'
}

/** Frame of every screen inside the shell. Give it a `PageHeader` first. */
export function Screen({ children, layout = 'page' }: ScreenProps) {
  return <div className={layout === 'full' ? classes.full : classes.page}>{children}</div>
}
