import { Button } from '@mantine/core'
import { IconMapPin } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../empty-state.tsx'
import { PageHeader } from '../page-header.tsx'
import { Screen } from '../screen.tsx'

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation()
  return (
    <Screen>
      <PageHeader title={t('notFound.title')} />
      <EmptyState
        icon={IconMapPin}
        title={t('notFound.description')}
        action={
          <Button component={Link} to="/" variant="light">
            {t('notFound.home')}
          </Button>
        }
      />
    </Screen>
  )
}
