import type { ConnectorKind, ConnectorSettings } from '../../model/tokenisation.ts'

/** MTS's own mapping (MTS 1.1.0), which fits people whose facts carry MTS's names. */
const REGISTRY_MAPPING = {
  vid: 'vid',
  name: ['given_name', 'additional_name', 'family_name'],
  gender: 'gender',
  dob: 'birthdate',
  phoneNumber: 'phone',
  emailId: 'email',
  fullAddress: ['address', 'area'],
}

/** A mapping for a form with the questions in groups, as OpenG2P's registration forms have them. */
const FORM_MAPPING = {
  vid: 'identity.vid',
  name: ['identity.full_name'],
  gender: 'identity.gender',
  dob: 'identity.dob',
  phoneNumber: 'identity.phone',
  emailId: 'identity.email',
  fullAddress: ['address.street', 'address.district'],
}

/** Says for each person what became of it, refusals too. */
const STATUS_AWARE = `{
  "id": .input.id,
  "status": .output.status,
  "token": .output.token,
  "errorCode": .output.errorCode,
  "errorMessage": .output.errorMessage
}`

/** Settings that work as they are once the seeder's address and, for forms, the form stand in them. */
export function usualConnector(kind: ConnectorKind): ConnectorSettings {
  return {
    kind,
    name: '',
    mtsUrl: 'http://mosip-token-seeder.mosip-token-seeder',
    mapping: JSON.stringify(kind === 'odk' ? FORM_MAPPING : REGISTRY_MAPPING, undefined, 2),
    outputType: 'json',
    outputFormat: STATUS_AWARE,
    delivery: 'download',
    jobType: 'recurring',
    intervalMinutes: 1_440,
    dailyAt: '',
    language: 'eng',
    filter: '[]',
    fields:
      kind === 'odk'
        ? []
        : [
            'id',
            'given_name',
            'additional_name',
            'family_name',
            'birthdate',
            'gender',
            'address',
            'area',
            'email',
            'phone',
          ],
    callback: {
      receiver: 'office',
      httpMethod: 'POST',
      timeoutSeconds: 10,
      inBulk: false,
      authType: 'staticBearer',
      database: '',
      username: '',
      clientId: '',
      extraHeaders: [],
    },
    odk: {
      baseUrl: '',
      odataUrl: '',
      projectId: '',
      formId: '',
      email: '',
      reviewStates: ['received', 'edited', 'approved'],
      includeEdits: true,
      overlapMinutes: 15,
      mapping: [
        { path: 'identity.full_name', target: 'name' },
        { path: 'identity.gender', target: 'gender' },
        { path: 'identity.dob', target: 'birthdate' },
        { path: 'identity.phone', target: 'phone' },
        { path: 'identity.vid', target: 'vid' },
        { path: 'address.street', target: 'address' },
        { path: 'consent', target: 'consent' },
      ],
      consentAnswers: ['yes'],
      matching: ['identity', 'registry-number', 'name-and-birthdate', 'phone'],
    },
    startDate: null,
    endDate: null,
    chunkSize: 200,
    answerDeadlineMinutes: 60,
    vidType: 'MOSIP VID',
    tokenType: 'MOSIP UIN TOKEN',
  }
}

/** Settings to begin with, by the name of a preset; each has its words on the screen. */
export const connectorPresets: readonly { readonly name: string; readonly settings: ConnectorSettings }[] = [
  { name: 'registry', settings: usualConnector('registry') },
  {
    name: 'registry-daily',
    settings: { ...usualConnector('registry'), intervalMinutes: 0, dailyAt: '05:30' },
  },
  {
    name: 'registry-callback',
    settings: { ...usualConnector('registry'), delivery: 'callback' },
  },
  {
    name: 'registry-once',
    settings: { ...usualConnector('registry'), jobType: 'one-time', intervalMinutes: 0 },
  },
  { name: 'odk', settings: { ...usualConnector('odk'), intervalMinutes: 60 } },
]
