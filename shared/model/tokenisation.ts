import { z } from 'zod'
import { Day, editableFields, erasableFields, Id, Line, signedFields } from './record.ts'

/** Most people in one request to the seeder: it asks the ID system about one after the other. */
export const LARGEST_CHUNK = 1_000

export const CallbackMethod = z.enum(['POST', 'PUT', 'PATCH', 'GET'])
export type CallbackMethod = z.infer<typeof CallbackMethod>

/** How the seeder shows, when it calls back, that it was this office that asked (MTS 1.1.0 `authType`). */
export const CallbackAuthentication = z.enum(['none', 'staticBearer', 'odoo', 'oauth'])
export type CallbackAuthentication = z.infer<typeof CallbackAuthentication>

/** How the seeder brings its answers where it calls back; what it has to show is made anew for each run. */
export const ConnectorCallback = z.object({
  /** Who listens: this office itself, or the receiver at the centre. */
  receiver: z.enum(['office', 'centre']),
  httpMethod: CallbackMethod,
  /** Seconds, each call. */
  timeoutSeconds: z.int().min(1).max(120),
  /** One call for a whole request instead of one for each person. */
  inBulk: z.boolean(),
  authType: CallbackAuthentication,
  /** For `odoo`. */
  database: Line,
  /** For `odoo` and `oauth`. */
  username: Line,
  /** For `oauth`; empty asks with the user's name and password. */
  clientId: Line,
  extraHeaders: z
    .array(z.object({ name: z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}$/), value: Line }))
    .max(20),
})
export type ConnectorCallback = z.infer<typeof ConnectorCallback>

/** What ODK Central says of a submission (`__system/reviewState`); `received` where nobody has reviewed it. */
export const ReviewState = z.enum(['received', 'edited', 'hasIssues', 'approved', 'rejected'])
export type ReviewState = z.infer<typeof ReviewState>

/** What a question of the form is in the registry. */
export const SubmissionTarget = z.enum([
  'registryNumber',
  'name',
  'givenName',
  'familyName',
  'additionalName',
  'gender',
  'birthdate',
  'address',
  'area',
  'phone',
  'email',
  'vid',
  'consent',
])
export type SubmissionTarget = z.infer<typeof SubmissionTarget>

/** By what a submission is known to be of somebody who is registered already; the first rule that finds exactly one counts. */
export const MatchingRule = z.enum(['identity', 'registry-number', 'name-and-birthdate', 'phone'])
export type MatchingRule = z.infer<typeof MatchingRule>

/** Where forms are and what becomes of them; the password lies in the vault. */
export const OdkSettings = z.object({
  baseUrl: z.union([z.url(), z.literal('')]),
  /** Of the form, with or without `/Submissions`; empty where project and form are given. */
  odataUrl: z.union([z.url(), z.literal('')]),
  projectId: z.string().max(20),
  formId: z.string().max(200),
  email: z.string().max(254),
  /** Submissions in other states are left alone. */
  reviewStates: z.array(ReviewState).min(1).max(5),
  /** Take edited submissions again. */
  includeEdits: z.boolean(),
  /** Minutes by which a window reaches back into the one before. */
  overlapMinutes: z.int().min(0).max(10_080),
  /** Question of the form (path with dots, `identity.full_name`) → field of the registry. */
  mapping: z.array(z.object({ path: z.string().min(1).max(200), target: SubmissionTarget })).max(50),
  /** What the answer to the question about consent has to be. */
  consentAnswers: z.array(z.string().min(1).max(60)).max(10),
  matching: z.array(MatchingRule).max(4),
})
export type OdkSettings = z.infer<typeof OdkSettings>

export const ConnectorKind = z.enum(['registry', 'odk'])
export type ConnectorKind = z.infer<typeof ConnectorKind>

export const ConnectorState = z.enum(['draft', 'started', 'stopped', 'completed'])
export type ConnectorState = z.infer<typeof ConnectorState>

/**
 * A connector to a MOSIP Token Seeder (MTS): the settings, without secrets (the properties of the Registry and the ODK MTS
 * Connector of OpenG2P under names of their own).
 */
export const Connector = z.object({
  ...editableFields,
  ...signedFields,
  kind: ConnectorKind,
  name: Line.min(1),
  /** Not covered by the signature: the office itself ends a one-time job. */
  state: ConnectorState,
  /** Installation that runs it, and no other; empty until an administrator took it on. */
  runsAt: z.string().max(64),
  /** Without a slash at its end. */
  mtsUrl: z.url(),
  /** MTS's mapping, as JSON text. */
  mapping: z.string().max(4_000),
  outputType: z.literal('json'),
  /** A jq program over `{input, output}`; empty gives MTS's own output. */
  outputFormat: z.string().max(8_000),
  delivery: z.enum(['download', 'callback']),
  jobType: z.enum(['one-time', 'recurring']),
  /** Minutes between two runs; 0 where it runs daily. */
  intervalMinutes: z.int().min(0).max(44_640),
  /** `HH:MM` of the office's own time; empty where it runs by the interval. */
  dailyAt: z.union([z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/), z.literal('')]),
  /** ISO 639-3. */
  language: z.string().regex(/^[a-z]{3}$/),
  /** Odoo domain over registrants; who has no VID, or a token already, is never taken. */
  filter: z.string().max(4_000),
  /** Facts of the registrant that are sent, under the names of OpenG2P's registry. */
  fields: z.array(z.string().min(1).max(60)).max(30),
  callback: ConnectorCallback,
  odk: OdkSettings,
  /** One-time jobs over forms take what was submitted on these days; open where null. */
  startDate: Day.nullable(),
  endDate: Day.nullable(),
  /** People in one request. */
  chunkSize: z.int().min(1).max(LARGEST_CHUNK),
  /** Minutes after which whoever was not answered is sent again by a later run. */
  answerDeadlineMinutes: z.int().min(1).max(10_080),
  /** Types of identity numbers. */
  vidType: z.string().min(1).max(40),
  tokenType: z.string().min(1).max(40),
  /** Compact JWS (EdDSA) by an administrator over `ConnectorClaims`. */
  signature: z.string(),
})
export type Connector = z.infer<typeof Connector>

export const ConnectorClaims = Connector.omit({ signature: true, state: true, changedAt: true, changedBy: true })
export type ConnectorClaims = z.infer<typeof ConnectorClaims>

/** What an administrator decides about a connector. */
export const ConnectorSettings = ConnectorClaims.omit({ id: true, removed: true, runsAt: true, edition: true })
export type ConnectorSettings = z.infer<typeof ConnectorSettings>

/** What a consent is for. */
export const ConsentPurpose = z.enum(['mosip-token', 'person-check'])
export type ConsentPurpose = z.infer<typeof ConsentPurpose>

/** How an officer learnt of a consent. */
export const ConsentWay = z.enum(['paper', 'spoken', 'form'])
export type ConsentWay = z.infer<typeof ConsentWay>

/** Whether a person lets the office use the personal data for a purpose: one record for each person and purpose. */
export const Consent = z.object({
  ...editableFields,
  ...erasableFields,
  registrantId: Id,
  purpose: ConsentPurpose,
  /** False once it was withdrawn. */
  given: z.boolean(),
  on: Day,
  /** `provider`: the person gave it there, signing in. */
  how: z.enum([...ConsentWay.options, 'provider']),
  note: z.string().max(500),
  /** What the person let be said, for consents to a check. */
  scope: z.array(z.string().max(60)).max(20).optional(),
})
export type Consent = z.infer<typeof Consent>
