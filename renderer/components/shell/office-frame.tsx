import { Suspense } from 'react'
import { features } from '../../features/index.ts'
import { chunk } from './chunk.ts'
import { loadScreen } from './feature-screen.tsx'

const shell = chunk(async () => ({ default: (await import('./shell.tsx')).Shell }))

/** The frame around the screens of a signed-in officer; loaded while they sign in. */
export function OfficeFrame() {
  const Shell = shell.component()
  return (
    <Suspense>
      <Shell />
    </Suspense>
  )
}

/** Loads what an officer sees first, so that it is there when they have signed in. */
export function loadFirstScreens(): void {
  const loading = [shell.load(), ...features.filter(({ soon }) => soon).map(loadScreen)]
  // What could not be loaded is asked for again, and missed, where it is shown.
  for (const one of loading) one.catch(() => undefined)
}
