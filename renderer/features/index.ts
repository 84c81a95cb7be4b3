import {
  IconHeartHandshake,
  IconHome,
  IconInbox,
  IconListSearch,
  IconSettings,
  IconStack2,
  IconUsers,
} from '@tabler/icons-react'
import type { Feature } from './feature.ts'

/** Every section of the office, in the order of the rail. */
export const features: readonly Feature[] = [
  { path: '', label: 'home', icon: IconHome, goKey: 'h', roles: [], screen: () => import('./home/home-screen.tsx') },
  {
    path: 'registrants',
    label: 'registrants',
    icon: IconUsers,
    goKey: 'r',
    roles: [],
    screen: () => import('./registrants/registrants-screen.tsx'),
    find: () => import('./registrants/find-registrants.ts'),
  },
  {
    path: 'programmes',
    label: 'programmes',
    icon: IconHeartHandshake,
    goKey: 'p',
    roles: [],
    screen: () => import('./programmes/programmes-screen.tsx'),
    find: () => import('./programmes/find-programmes.ts'),
  },
  {
    path: 'batches',
    label: 'batches',
    icon: IconStack2,
    goKey: 'b',
    roles: [],
    screen: () => import('./batches/batches-screen.tsx'),
    find: () => import('./batches/find-batches.ts'),
  },
  {
    path: 'outbox',
    label: 'outbox',
    icon: IconInbox,
    goKey: 'o',
    roles: [],
    screen: () => import('./outbox/outbox-screen.tsx'),
  },
  {
    path: 'audit',
    label: 'audit',
    icon: IconListSearch,
    goKey: 'a',
    roles: ['auditor', 'administrator', 'approver'],
    screen: () => import('./audit/audit-screen.tsx'),
  },
  {
    path: 'settings',
    label: 'settings',
    icon: IconSettings,
    goKey: 's',
    roles: [],
    atEnd: true,
    screen: () => import('./settings/settings-screen.tsx'),
  },
]
