import type { z } from 'zod'
import { appRouter } from '../../../electron/core/api/router.ts'
import type { DeedOf } from '../../../electron/core/identity/openid/step-up.ts'

/** A procedure of the core as its builder describes it. */
export interface Procedure {
  readonly path: string
  readonly access: string
  readonly type: 'query' | 'mutation' | 'subscription'
  readonly takesInput: boolean
  readonly takesPin: boolean
  readonly deed: DeedOf | undefined
}

interface Described {
  readonly _def: {
    readonly type: Procedure['type']
    readonly meta?: { readonly access: string | readonly string[]; readonly deed?: DeedOf }
    readonly inputs: readonly unknown[]
  }
}

const hasPin = (input: unknown): boolean => 'pin' in ((input as Partial<z.ZodObject>).shape ?? {})

/** Every procedure that there is. */
export const procedures: readonly Procedure[] = Object.entries(
  appRouter._def.procedures as unknown as Record<string, Described>,
).map(([path, { _def }]) => {
  const { access = 'nobody', deed } = _def.meta ?? {}
  return {
    path,
    access: typeof access === 'string' ? access : [...access].join(' '),
    type: _def.type,
    takesInput: _def.inputs.length > 0,
    takesPin: _def.inputs.some(hasPin),
    deed,
  }
})
