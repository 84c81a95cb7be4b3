import { z } from 'zod'
import { FaultRule } from './faults.ts'

/** Everything the server is told when it starts. */
export const CouchdbPeerOptions = z.object({
  /** 0 takes a free one. A restart that must be found again names the port of before. */
  port: z.int().min(0).max(65_535).default(0),
  /** SQLite; made when missing, gone on with when there. Undefined keeps everything in memory. */
  file: z.string().min(1).optional(),
  /** The server admin. */
  user: z.string().min(1),
  password: z.string().min(1),
  /** How long a session lives that is not used. */
  sessionSeconds: z.number().positive().default(600),
  /** Of the derivation of passwords. */
  iterations: z.int().min(1).default(10_000),
  /** Bytes of one document. */
  maxDocumentSize: z.int().min(100).default(8_000_000),
  /** Bytes of one request, unpacked. */
  maxRequestSize: z
    .int()
    .min(1_000)
    .default(64 * 1024 * 1024),
  /** Gzip for who takes it, as the usual reverse proxy in front of CouchDB does. */
  compressReplies: z.boolean().default(true),
  version: z.string().default('3.4.3'),
  /** Of faults that meet a request by chance. */
  seed: z.int().default(1),
  faults: z.array(FaultRule).default([]),
})
export type CouchdbPeerOptions = z.infer<typeof CouchdbPeerOptions>
export type CouchdbPeerOptionsInput = z.input<typeof CouchdbPeerOptions>
