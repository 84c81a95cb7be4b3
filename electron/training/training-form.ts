import type { CentralForm, SubmissionDraft } from '../peers/odk-central/peer-options.ts'
import { type InventedHousehold, inventHouseholds } from './people/people.ts'
import { hasVid, inventSecondVid, inventVid } from './people/vids.ts'

export const TRAINING_FORM = 'household_registration'

const field = (path: string, type = 'string') => ({ path, type })

/** The form that enumerators of the training district fill in. */
export const trainingForm: CentralForm = {
  project: 1,
  xmlFormId: TRAINING_FORM,
  name: 'Household registration',
  version: '1',
  fields: [
    field('/consent'),
    field('/identity', 'structure'),
    field('/identity/vid'),
    field('/identity/full_name'),
    field('/identity/gender'),
    field('/identity/dob', 'date'),
    field('/identity/phone'),
    field('/address', 'structure'),
    field('/address/street'),
    field('/address/district'),
    field('/meta', 'structure'),
    field('/meta/instanceID'),
    field('/meta/instanceName'),
  ],
}

/** Households behind those on the registry and those of the sample file. */
const NEW_HOUSEHOLDS = { from: 20_001, count: 24 }
const KNOWN_HOUSEHOLDS = { from: 58, count: 3 }

/** Households whose heads fill in the form. */
export const submittingHouseholds = (): InventedHousehold[] => [
  ...inventHouseholds({ ...NEW_HOUSEHOLDS, seed: 1 }),
  ...inventHouseholds({ ...KNOWN_HOUSEHOLDS, seed: 1 }),
]

/**
 * What was filled in: new people, one of them with a telephone that somebody else has, some who are on the registry already, and
 * one who is too, but under a name written the other way round and with another VID: only the token shows who that is.
 *
 * @param now epoch milliseconds; the newest came in an hour before
 */
export function trainingSubmissions(now: number): SubmissionDraft[] {
  const households = submittingHouseholds()
  const firstKnown = households[NEW_HOUSEHOLDS.count]?.members[0]
  return households.flatMap(({ members: [head], area, address }, index) => {
    if (head === undefined || !hasVid(head)) return []
    const isTwice = index === households.length - 1
    const name = isTwice ? `${head.familyName} ${head.givenName}` : `${head.givenName} ${head.familyName}`
    const id = `uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
    // Of the first new person the telephone is one that is known.
    const phone = index === 0 ? (firstKnown?.phone ?? head.phone) : isTwice ? '' : head.phone
    return [
      {
        project: 1,
        form: TRAINING_FORM,
        id,
        visibleAfter: 0,
        at: new Date(now - (households.length - index) * 3_600_000).toISOString(),
        data: {
          consent: index % 8 === 5 ? 'no' : 'yes',
          identity: {
            vid: index % 7 === 6 ? null : isTwice ? inventSecondVid(head) : inventVid(head),
            full_name: name,
            gender: head.gender,
            dob: head.birthdate,
            phone: phone === '' ? null : phone,
          },
          address: { street: address, district: area },
          meta: { instanceName: name },
        },
      },
    ]
  })
}
