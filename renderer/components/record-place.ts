const places = {
  registrant: (id: string) => `/registrants/${id}`,
  programme: (id: string) => `/programmes/${id}`,
  cycle: (id: string) => `/programmes/cycles/${id}`,
  batch: (id: string) => `/batches/${id}`,
  paymentManager: (id: string) => `/settings/managers/${id}`,
  officer: () => '/settings/officers',
}

/** Where a record is looked at whose kind has a page. */
export const placeOf = (kind: keyof typeof places, id: string): string => places[kind](id)

/** The same for a record of any kind; undefined for those without a page of their own. */
export const findPlaceOf = (kind: string, id: string): string | undefined =>
  Object.hasOwn(places, kind) ? placeOf(kind as keyof typeof places, id) : undefined
