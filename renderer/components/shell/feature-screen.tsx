import { IconLock } from '@tabler/icons-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Feature } from '../../features/feature.ts'
import { useMaySee } from '../../state/session.ts'
import { EmptyState } from '../empty-state.tsx'
import { LoadingState } from '../loading-state.tsx'
import { Screen } from '../screen.tsx'
import { type Chunk, chunk } from './chunk.ts'

const screens = new Map<string, Chunk>()

function screenOf(feature: Feature): Chunk {
  const known = screens.get(feature.path)
  if (known) return known
  const screen = chunk(feature.screen)
  screens.set(feature.path, screen)
  return screen
}

/** Loads a section's screen ahead. */
export const loadScreen = (feature: Feature): Promise<void> => screenOf(feature).load()

/** A section's screen, loaded when first opened; who may not see it is told so. */
export function FeatureScreen({ feature }: { feature: Feature }) {
  const { t } = useTranslation()
  const may = useMaySee(...feature.roles)
  if (!may) {
    return (
      <Screen>
        <EmptyState icon={IconLock} title={t('notYourRole.title')} description={t('notYourRole.description')} />
      </Screen>
    )
  }
  const Content = screenOf(feature).component()
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
