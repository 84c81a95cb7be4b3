/** Where a record of a kind is looked at; undefined for those without a page of their own. */
export function placeOfRecord(kind: string, id: string): string | undefined {
  switch (kind) {
    case 'registrant':
      return `/registrants/${id}`
    case 'programme':
      return `/programmes/${id}`
    case 'cycle':
      return `/programmes/cycles/${id}`
    case 'batch':
      return `/batches/${id}`
    case 'paymentManager':
      return `/settings/managers/${id}`
    case 'officer':
      return '/settings/officers'
    default:
      return undefined
  }
}
