import type { Fix } from '../../../shared/rules/payee.ts'

/** Where the record is mended whose correction solves a problem. */
export function fixLink({ kind, id }: Fix): string {
  switch (kind) {
    case 'registrant':
      return `/registrants/${id}`
    case 'programme':
      return `/programmes/${id}`
    case 'cycle':
      return `/programmes/cycles/${id}`
    case 'manager':
      return `/settings/managers/${id}`
  }
}
