import type { Icon } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Role } from '../../shared/model/officer.ts'
import type { Api } from '../api/client.ts'

/** Something that the command palette found. */
export interface Found {
  readonly id: string
  readonly title: string
  readonly detail?: string
  /** Where it is shown: `/registrants/…`. */
  readonly to: string
}

/** Looks for records by what was typed into the command palette; a handful, best first. */
export type Find = (api: Api, text: string, signal: AbortSignal) => Promise<readonly Found[]>

/** One section of the office. A feature adds itself to the list in `index.ts`; everything else follows from it. */
export interface Feature {
  /** First piece of the address; the screen gets everything below it (`<Routes>` inside for its own pages). */
  readonly path: string
  /** Key of its name in `navigation.json`. */
  readonly label: string
  readonly icon: Icon
  /** Letter after `g` that leads there. */
  readonly goKey: string
  /** Who sees it; everyone if empty. The core enforces its own rules. */
  readonly roles: readonly Role[]
  /** Kept apart at the end of the rail. */
  readonly atEnd?: boolean
  /** Among the first that an officer opens: loaded while they sign in. */
  readonly soon?: boolean
  readonly screen: () => Promise<{ default: ComponentType }>
  readonly find?: () => Promise<{ default: Find }>
}
