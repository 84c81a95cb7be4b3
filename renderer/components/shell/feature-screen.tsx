import { IconLock } from '@tabler/icons-react'
import { type ComponentType, lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Feature } from '../../features/feature.ts'
import { useMay } from '../../state/session.ts'
import { EmptyState } from '../empty-state.tsx'
import { LoadingState } from '../loading-state.tsx'
import { Screen } from '../screen.tsx'

const loaded = new Map<string, ComponentType>()

function screenOf(feature: Feature): ComponentType {
  const known = loaded.get(feature.path)
  if (known) return known
  const screen = lazy(feature.screen)
  loaded.set(feature.path, screen)
  return screen
}

/** A section's screen, loaded when first opened; who may not see it is told so. */
export function FeatureScreen({ feature }: { feature: Feature }) {
  const { t } = useTranslation()
  const may = useMay(...feature.roles)
  if (!may) {
    return (
      <Screen>
        <EmptyState icon={IconLock} title={t('notYourRole.title')} description={t('notYourRole.description')} />
      </Screen>
    )
  }
  const Content = screenOf(feature)
  return (
    <Suspense
      fallback={
        <Screen>
          <LoadingState lines={6} />
        </Screen>
      }
    >
      <Content />
    </Suspense>
  )
}
