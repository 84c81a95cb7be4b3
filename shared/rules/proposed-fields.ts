/** Facts of a person that may come from elsewhere and be other than the record. */
export const proposedFields = ['name', 'gender', 'birthdate', 'address', 'area', 'phone', 'email'] as const
export type ProposedField = (typeof proposedFields)[number]
