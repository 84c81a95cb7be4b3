import { z } from 'zod'

const WebAddress = z.url({ protocol: /^https?$/ })

/** Where calls are collected that somebody else takes: a receiver alone at the centre keeps them in a database there. */
export const CallbackInboxSettings = z.object({
  /** Of the database, not of the server. */
  url: WebAddress.max(500),
  user: z.string().max(200),
})

/** How an office can be called by payment systems. Secrets are not part of it. */
export const CallbackSettings = z.object({
  on: z.boolean(),
  /** One of this machine's own addresses. */
  bindAddress: z.union([z.ipv4(), z.ipv6()]),
  port: z.int().min(1).max(65_535),
  /** With the certificate and key that lie in the vault. */
  tls: z.boolean(),
  /** What payment systems are told, where something stands in front of this machine; empty for its own address. */
  publicAddress: z.union([WebAddress.max(500), z.literal('')]),
  inbox: CallbackInboxSettings.nullable(),
})
export type CallbackSettings = z.infer<typeof CallbackSettings>

export const usualCallbackSettings: CallbackSettings = {
  on: false,
  bindAddress: '127.0.0.1',
  port: 8460,
  tls: false,
  publicAddress: '',
  inbox: null,
}
