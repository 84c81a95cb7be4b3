import type { CentralPeerOptionsInput, SubmissionDraft } from '../../../electron/peers/odk-central/peer-options.ts'

export const FORM = 'household_registration'
export const READER = { email: 'mts@example.org', password: 'Mts-reader-2024' }

const field = (path: string, type = 'string') => ({ path, type })

/** The form that was recorded with: groups, a repeat, a place, a picture, numbers. */
export const householdForm = {
  xmlFormId: FORM,
  name: 'Household registration',
  version: '2024030101',
  fields: [
    field('/start', 'dateTime'),
    field('/consent'),
    field('/identity', 'structure'),
    field('/identity/vid'),
    field('/identity/full_name'),
    field('/identity/gender'),
    field('/identity/dob', 'date'),
    field('/identity/phone'),
    field('/identity/email'),
    field('/address', 'structure'),
    field('/address/street'),
    field('/address/city'),
    field('/address/location', 'geopoint'),
    field('/photo', 'binary'),
    field('/household_size', 'int'),
    field('/income', 'decimal'),
    field('/member', 'repeat'),
    field('/member/m_name'),
    field('/member/m_age', 'int'),
    field('/meta', 'structure'),
    field('/meta/instanceID'),
    field('/meta/instanceName'),
  ],
} as const

export const centralOptions: CentralPeerOptionsInput = {
  users: [
    { email: 'admin@example.org', password: 'OdkTest-2024!', projects: [1] },
    { ...READER, projects: [1] },
  ],
  submitter: { id: 5, name: 'admin@example.org' },
  forms: [{ ...householdForm, fields: [...householdForm.fields] }],
}

/** The address of the form's table of submissions. */
export const submissionsAt = (origin: string): string => `${origin}/v1/projects/1/forms/${FORM}.svc/Submissions`

interface Filled {
  readonly vid: string | null
  readonly name: string
  readonly gender?: string
  readonly dob: string
  readonly phone?: string | null
  readonly email?: string | null
  readonly street: string
  readonly city: string
  readonly members?: readonly (readonly [string, number])[]
  readonly photo?: string | null
}

/** What somebody filled in, by the form's groups. */
export function filled(person: Filled): Record<string, unknown> {
  const { vid, name, gender = 'female', dob, phone = null, email = null, street, city, members = [], photo } = person
  const isPlaced = members.length > 0
  return {
    start: '2024-03-01T09:15:00.000+03:00',
    consent: 'yes',
    identity: { vid, full_name: name, gender, dob, phone, email },
    address: {
      street,
      city,
      location: isPlaced ? { type: 'Point', coordinates: [34.768, -0.0917, 1131], properties: { accuracy: 5 } } : null,
    },
    photo: photo ?? null,
    household_size: isPlaced ? 4 : null,
    income: isPlaced ? 120.5 : null,
    member: members.map(([m_name, m_age]) => ({ m_name, m_age })),
    meta: { instanceName: name },
  }
}

export const recordedId = (digit: number): string =>
  `uuid:${'00000000-0000-4000-8000-000000000000'.replaceAll('0', String(digit))}`

export const JOSEPH: Filled = {
  vid: '5408602380846123',
  name: 'Joseph Otieno',
  gender: 'male',
  dob: '1988-11-23',
  street: '7 Hill Street',
  city: 'Kakamega',
  members: [['Baraka', 7]],
}

/** The four submissions of the recordings, in the order of arrival. */
export const recordedSubmissions = (dates: readonly string[]): Omit<SubmissionDraft, 'project' | 'visibleAfter'>[] =>
  [
    filled({
      vid: '2014391641351279',
      name: 'Amina Yusuf',
      dob: '1976-01-01',
      phone: '8360334018',
      email: 'amina@example.org',
      street: '12 Lake Road',
      city: 'Kisumu',
      photo: 'face.jpg',
      members: [
        ['Baraka', 7],
        ['Neema', 3],
      ],
    }),
    filled(JOSEPH),
    filled({ vid: null, name: 'No Vid', dob: '1990-05-05', street: '1 Main', city: 'Busia' }),
    filled({
      vid: '6396870648940270',
      name: 'አማና ዩሱፍ',
      dob: '1999-12-31',
      street: 'ቦሌ',
      city: 'አዲስ አበባ',
      members: [['Baraka', 7]],
    }),
  ].map((data, at) => ({ form: FORM, id: recordedId(at + 1), data, at: dates[at] }))
