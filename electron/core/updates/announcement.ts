import { createPublicKey, type KeyObject } from 'node:crypto'
import canonicalize from 'canonicalize'
import { CompactSign, compactVerify } from 'jose'
import { fail } from '../../../shared/contract/result.ts'
import type { PublicKey } from '../../../shared/model/officer.ts'
import { UpdateAnnouncement } from '../../../shared/model/update.ts'

/*
 * An announcement is one file beside the installers: a compact JWS (EdDSA) over its RFC 8785 form. It holds the digest of each
 * installer, so the one signature covers them all, on every system and whether the installers carry the system's own
 * signature or not.
 */

export const ANNOUNCEMENT_FILE = 'field-office.update'
/** Far above what forty installers and the notes need. */
export const LARGEST_ANNOUNCEMENT = 64_000
const TYPE = 'g2p-field-office.update+jws'

export function signAnnouncement(announcement: UpdateAnnouncement, key: KeyObject): Promise<string> {
  return new CompactSign(new TextEncoder().encode(canonicalize(announcement) as string))
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE })
    .sign(key)
}

/**
 * Nothing in the text is looked at before its signature by the pinned key was verified.
 *
 * @throws OfficeError `updates.not-signed`, `updates.not-readable`
 */
export async function openAnnouncement(text: string, key: PublicKey): Promise<UpdateAnnouncement> {
  const verified = await compactVerify(text.trim(), createPublicKey({ key, format: 'jwk' }), {
    algorithms: ['EdDSA'],
  }).catch((error: unknown) => fail('updates.not-signed', {}, error))
  if (verified.protectedHeader.typ !== TYPE) fail('updates.not-signed')
  const parsed = UpdateAnnouncement.safeParse(JSON.parse(new TextDecoder().decode(verified.payload)))
  return parsed.success ? parsed.data : fail('updates.not-readable')
}
