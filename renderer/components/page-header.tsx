import { Anchor, Box, Group, Text, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import classes from './page-header.module.css'

interface PageHeaderProps {
  title: string
  /** One line under the title. */
  subtitle?: ReactNode
  /** Where one came from. */
  back?: { to: string; label: string }
  /** State badges beside the title. */
  badges?: ReactNode
  /** Buttons; the main one last. */
  actions?: ReactNode
}

/** Top of every screen: names the document and takes the focus after a change of route. */
export function PageHeader({ title, subtitle, back, badges, actions }: PageHeaderProps) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    document.title = t('documentTitle', { screen: title })
  }, [title, t])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the route changes, and only then
  useEffect(() => {
    if (!document.querySelector('[role="dialog"]')) heading.current?.focus({ preventScroll: true })
  }, [pathname])
  return (
    <Box className={classes.header} component="header">
      <div className={classes.words}>
        {back && (
          <Anchor component={Link} to={back.to} size="sm" c="dimmed" className={classes.back}>
            <IconArrowLeft size={14} className={classes.arrow} />
            {back.label}
          </Anchor>
        )}
        <Group gap="sm" align="center">
          <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
            {title}
          </Title>
          {badges}
        </Group>
        {subtitle && (
          <Text component="div" c="dimmed" size="md">
            {subtitle}
          </Text>
        )}
      </div>
      {actions && (
        <Group gap="xs" className="office-screen-only">
          {actions}
        </Group>
      )}
    </Box>
  )
}
