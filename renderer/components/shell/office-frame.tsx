import { lazy, Suspense } from 'react'
import { features } from '../../features/index.ts'

const loadShell = () => import('./shell.tsx')
const Shell = lazy(async () => ({ default: (await loadShell()).Shell }))

/** The frame around the screens of a signed-in officer; loaded while they sign in. */
export function OfficeFrame() {
  return (
    <Suspense>
      <Shell />
    </Suspense>
  )
}

/** Loads what an officer sees first, so that it is there when they have signed in. */
export function loadFirstScreens(): void {
  const wanted = [loadShell, ...features.flatMap(({ soon, screen }) => (soon ? [screen] : []))]
  // What could not be loaded is asked for again, and missed, where it is shown.
  for (const load of wanted) load().catch(() => undefined)
}
