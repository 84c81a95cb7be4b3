import { z } from 'zod'
import { FaultRule } from '../couchdb/faults.ts'

/** A field of a form, as Central lists it. */
export const FormField = z.object({
  /** `/identity/vid`. */
  path: z.string().startsWith('/'),
  type: z.string(),
})

/** A published form. */
export const CentralForm = z.object({
  project: z.int().default(1),
  xmlFormId: z.string().min(1),
  name: z.string().min(1),
  version: z.string().default('1'),
  fields: z.array(FormField),
})
export type CentralForm = z.infer<typeof CentralForm>

/** Somebody who may log in. */
export const CentralUser = z.object({
  email: z.string().min(1),
  password: z.string(),
  /** Projects whose submissions they may read. */
  projects: z.array(z.int()).default([]),
})

/** What somebody filled in. */
export const SubmissionDraft = z.object({
  project: z.int().default(1),
  form: z.string(),
  /** `uuid:…`; the `__id` that it keeps. */
  id: z.string(),
  /** Of an edited version; that of the submission where it was never edited. */
  instanceId: z.string().optional(),
  /** By the form's groups; repeats are arrays. */
  data: z.record(z.string(), z.unknown()),
  /** When it was received; now. */
  at: z.iso.datetime().optional(),
  /** Milliseconds after which it can be seen: its date is taken before. */
  visibleAfter: z.int().min(0).default(0),
})
export type SubmissionDraft = z.infer<typeof SubmissionDraft>

const ofSubmission = { project: z.int().default(1), form: z.string(), id: z.string(), at: z.iso.datetime().optional() }

/** Everything Central is told when it starts. */
export const CentralPeerOptions = z.object({
  /** 0 takes a free one. */
  port: z.int().min(0).max(65_535).default(0),
  version: z.string().default('2026.2.2'),
  /** The domain it is configured with, which stands in its links; its own address where undefined. */
  domain: z.string().optional(),
  /** Nobody logs in by password then. */
  singleSignOn: z.boolean().default(false),
  projects: z.array(z.object({ id: z.int(), name: z.string() })).default([{ id: 1, name: 'Registration' }]),
  users: z.array(CentralUser),
  forms: z.array(CentralForm),
  submissions: z.array(SubmissionDraft).default([]),
  /** Who submits. */
  submitter: z.object({ id: z.int(), name: z.string() }).default({ id: 5, name: 'enumerator' }),
  seed: z.int().default(1),
  faults: z.array(FaultRule).default([]),
})
export type CentralPeerOptions = z.infer<typeof CentralPeerOptions>
export type CentralPeerOptionsInput = z.input<typeof CentralPeerOptions>

/** What Central is told while it runs. Everything is optional; what is there is done, in this order. */
export const CentralOrder = z.object({
  clearFaults: z.literal(true).optional(),
  faults: z.array(FaultRule).optional(),
  users: z.array(CentralUser).optional(),
  /** Right to read a project. */
  grant: z.object({ email: z.string(), project: z.int() }).optional(),
  endSessions: z.literal(true).optional(),
  submit: z.array(SubmissionDraft).optional(),
  edit: z
    .array(z.object({ ...ofSubmission, instanceId: z.string(), data: z.record(z.string(), z.unknown()) }))
    .optional(),
  review: z
    .array(z.object({ ...ofSubmission, state: z.enum(['hasIssues', 'edited', 'rejected', 'approved']) }))
    .optional(),
  remove: z.array(z.object(ofSubmission)).optional(),
})
export type CentralOrder = z.input<typeof CentralOrder>

/** What there is. */
export const CentralSummary = z.object({
  requests: z.int(),
  sessions: z.int(),
  submissions: z.int(),
  faultsMet: z.record(z.string(), z.int()),
})
export type CentralSummary = z.infer<typeof CentralSummary>

/** A submission, deleted ones included. */
export const CentralLedgerEntry = z.object({
  project: z.int(),
  form: z.string(),
  id: z.string(),
  instanceId: z.string(),
  isDeleted: z.boolean(),
})
export type CentralLedgerEntry = z.infer<typeof CentralLedgerEntry>
