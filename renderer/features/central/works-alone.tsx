import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../../components/empty-state.tsx'
import { useMay, useSession } from '../../state/session.ts'

/** An office without a central server: why there is nothing here, and who can change that. */
export function WorksAlone() {
  const { t } = useTranslation('central')
  const { training } = useSession()
  const may = useMay('administrator')
  return (
    <EmptyState
      icon={IconCloudOff}
      title={t(training ? 'alone.training' : 'alone.title')}
      description={t(training ? 'alone.trainingMeaning' : may ? 'alone.meaning' : 'alone.askAdministrator')}
      action={
        may &&
        !training && (
          <Button component={Link} to="/settings/central" mt="sm">
            {t('alone.enter')}
          </Button>
        )
      }
    />
  )
}
