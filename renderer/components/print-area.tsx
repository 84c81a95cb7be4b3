import { Group, Portal, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { useSession } from '../state/session.ts'
import { Logo } from '../theme/logo.tsx'
import classes from './print-area.module.css'

interface PrintAreaProps {
  title: string
  /** Under the title: cycle, batch, digest. */
  subtitle?: ReactNode
  children: ReactNode
  /** Also shown on the screen, as a sheet; otherwise it appears on paper only. */
  onScreen?: boolean
}

/**
 * What goes on paper when `window.print()` is called while it is mounted: A4, with office, officer, time and training mark.
 * What is for paper only lies beside the screen, since the place it is asked from may be one that is not printed.
 */
export function PrintArea({ title, subtitle, children, onScreen = false }: PrintAreaProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { officer, training, officeName } = useSession()
  const paper = (
    <article
      data-print-area
      className={`${classes.area} ${onScreen ? `office-sheet ${classes.sheet}` : 'office-print-only'}`}
    >
      {training && <p className={classes.training}>{t('training.paper')}</p>}
      <Group justify="space-between" align="flex-start" wrap="nowrap" className={classes.head}>
        <div>
          <Title order={2}>{title}</Title>
          {subtitle && <Text component="div">{subtitle}</Text>}
        </div>
        <Group gap="xs" wrap="nowrap">
          <Logo size={26} />
          <div>
            <Text fw={600}>{officeName || t('appName')}</Text>
            <Text size="xs">{t('print.by', { name: officer?.name ?? '', when: format.moment(Date.now()) })}</Text>
          </div>
        </Group>
      </Group>
      {children}
    </article>
  )
  return onScreen ? paper : <Portal>{paper}</Portal>
}
