import { IconHome } from '@tabler/icons-react'
import type { Feature } from './feature.ts'

/** Every section of the office, in the order of the rail. */
export const features: readonly Feature[] = [
  { path: '', label: 'home', icon: IconHome, goKey: 'h', roles: [], screen: () => import('./home/home-screen.tsx') },
]
