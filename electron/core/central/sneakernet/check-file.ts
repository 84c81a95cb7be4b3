import { createPublicKey, type KeyObject } from 'node:crypto'
import { compactVerify } from 'jose'

import { fail } from '../../../../shared/contract/result.ts'
import { type FileHeader, FileManifest, type Release } from '../../../../shared/model/central-file.ts'
import type { Officer } from '../../../../shared/model/officer.ts'
import { findSigner, isSignedBy } from '../../identity/signatures.ts'
import { isOfficerTrustedIn, type SignedOfficer, type TrustSource } from '../../identity/trust.ts'
import { Closing, linesOf, readHeader } from './file-format.ts'
import { digestOf, encryptionKeyOf, keyIdOf, openPart } from './part-box.ts'

/** Who reads a file. */
export interface FileReader {
  readonly district: string
  readonly key: KeyObject
  /** Against which officers are verified; the file's own officers are asked where this knows nobody. */
  readonly trust: TrustSource
}

/** A file that was verified whole. */
export interface CheckedFile {
  readonly path: string
  readonly manifest: FileManifest
  readonly officer: SignedOfficer
  /** Releases of batches, each checked against the officers who were trusted here. */
  readonly releases: readonly Release[]
  /** Officers of the file that are trusted, and those known before. */
  readonly trust: TrustSource
}

/**
 * Verifies a file of changes before anything of it is used: whom it is for, who signed it, and that every part is the one that
 * was signed.
 *
 * @throws OfficeError `central-files.*`
 */
export async function checkFile(reader: FileReader, path: string): Promise<CheckedFile> {
  const { header, digests, last } = await digestLines(path)
  if (header.district !== reader.district) fail('central-files.other-district', { district: header.district })
  if (header.to !== (await keyIdOf(encryptionKeyOf(reader.key)))) fail('central-files.not-for-us')
  if (last === undefined || digests.length !== header.parts) fail('central-files.damaged')
  const closing = parseClosing(await openPart(last, reader.key))
  const trust = trustWith(reader.trust, closing.officers)
  const { manifest, officer } = await verifyManifest(trust, closing.manifest)
  const isWhole =
    Object.entries(header).every(([name, value]) => manifest[name as keyof FileHeader] === value) &&
    manifest.partDigests.length === digests.length &&
    manifest.partDigests.every((digest, part) => digest === digests[part]) &&
    manifest.releaseDigests.length === closing.releases.length &&
    closing.releases.every(({ jws }, at) => digestOf(jws) === manifest.releaseDigests[at])
  if (!isWhole) fail('central-files.damaged')
  return { path, manifest, officer, releases: closing.releases, trust }
}

/** Reads the whole file once. Nothing is opened; at most two lines are in memory. */
async function digestLines(path: string): Promise<{ header: FileHeader; digests: string[]; last: string | undefined }> {
  let header: FileHeader | undefined
  let last: string | undefined
  const digests: string[] = []
  for await (const line of linesOf(path)) {
    if (header === undefined) {
      header = readHeader(line)
      continue
    }
    if (last !== undefined) digests.push(digestOf(last))
    last = line
  }
  return header === undefined ? fail('central-files.not-a-file') : { header, digests, last }
}

function parseClosing(content: Buffer): Closing {
  try {
    return Closing.parse(JSON.parse(content.toString()))
  } catch {
    return fail('central-files.damaged')
  }
}

/** What is known here comes first: a file cannot bring back an officer who is suspended here. */
function trustWith(known: TrustSource, officers: readonly Officer[]): TrustSource {
  const brought = new Map(officers.map((officer) => [officer.id, officer]))
  return { root: known.root, findOfficer: (id) => known.findOfficer(id) ?? brought.get(id) }
}

async function verifyManifest(
  trust: TrustSource,
  jws: string,
): Promise<{ manifest: FileManifest; officer: SignedOfficer }> {
  if (trust.root === undefined) fail('central-files.no-trust-root')
  const officer = trust.findOfficer(findSigner(jws) ?? '') ?? fail('central-files.signer-unknown')
  if (officer.state !== 'active' || officer.removed) fail('central-files.signer-untrusted')
  if (!(await isOfficerTrustedIn(trust, officer))) fail('central-files.signer-untrusted')
  const manifest = FileManifest.safeParse(await payloadOf(jws, officer))
  if (!manifest.success) return fail('central-files.damaged')
  const signed = await isSignedBy('changes-in-a-file', manifest.data, jws, officer.id, officer.signingKey)
  return signed && manifest.data.officerId === officer.id
    ? { manifest: manifest.data, officer }
    : fail('central-files.signature-invalid')
}

async function payloadOf(jws: string, { signingKey }: SignedOfficer): Promise<unknown> {
  try {
    const { payload } = await compactVerify(jws, createPublicKey({ key: signingKey, format: 'jwk' }), {
      algorithms: ['EdDSA'],
    })
    return JSON.parse(new TextDecoder().decode(payload))
  } catch {
    return fail('central-files.signature-invalid')
  }
}
