import type { Fix } from '../../../shared/rules/payee.ts'
import { placeOf } from '../../components/record-place.ts'

/** Where the record is mended whose correction solves a problem. */
export const fixLink = ({ kind, id }: Fix): string => placeOf(kind === 'manager' ? 'paymentManager' : kind, id)
