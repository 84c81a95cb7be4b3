import { Group, Portal, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { apart } from '../i18n/apart.ts'
import { useFormat } from '../i18n/format.ts'
import { useSession } from '../state/session.ts'
import { Logo } from '../theme/logo.tsx'
import classes from './print-area.module.css'

interface PrintAreaProps {
  title: string
  /** Under the title: cycle, batch, digest. */
  subtitle?: ReactNode
  children: ReactNode
}

/**
 * What goes on paper when `window.print()` is called while it is mounted, and nothing else does: A4, with office, officer, time
 * and training mark. It lies beside the screen in the page's body, so that everything else can be left out whole.
 */
export function PrintArea({ title, subtitle, children }: PrintAreaProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { officer, training, officeName } = useSession()
  return (
    <Portal reuseTargetNode={false}>
      <article data-print-area className={`${classes.area} office-print-only`}>
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
              <Text size="xs">
                {t('print.by', { name: apart(officer?.name ?? ''), when: apart(format.moment(Date.now())) })}
              </Text>
            </div>
          </Group>
        </Group>
        {children}
      </article>
    </Portal>
  )
}
