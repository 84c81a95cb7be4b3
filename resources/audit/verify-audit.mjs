#!/usr/bin/env node
/*
 * Verifies an exported audit trail of the G2P Field Office without the program: one file, Node 20 or newer, nothing else.
 *
 *   node verify-audit.mjs FILE [--key public.jwk] [--head POSITION:HASH]
 *
 * The format and what the answers mean: README.md beside this file.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync, realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const FORMAT = 'g2p-field-office-audit-1'
const NO_PREVIOUS = '0'.repeat(64)
/** No line that the program writes comes near it. */
const LONGEST_LINE = 4 * 1024 * 1024
const NEWLINE = 0x0a
const ROW_FIELDS = [
  'action',
  'detail',
  'hash',
  'moment',
  'officerId',
  'position',
  'previous',
  'subjectId',
  'subjectKind',
]

class UsageError extends Error {}

/** The RFC 8785 form of strings, whole numbers, and objects of them. */
function canonical(value) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
  return `{${members.join(',')}}`
}

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex')
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The value of a line, if every byte of it is as the program writes it. */
function readLine(bytes) {
  try {
    const text = decoder.decode(bytes)
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null && canonical(value) === text ? value : undefined
  } catch {
    // No text, or no JSON: the line is not as it was written.
    return undefined
  }
}

const isHead = (head) => Number.isSafeInteger(head?.position) && head.position >= 0 && typeof head.hash === 'string'

/** A row with all its fields, whose hash is its own. */
function asRow(value) {
  if (value === undefined || Object.keys(value).sort().join() !== ROW_FIELDS.join()) return undefined
  const { hash, ...hashed } = value
  if (!Number.isSafeInteger(value.position) || value.position < 1) return undefined
  return sha256(canonical(hashed)) === hash ? value : undefined
}

/** Lines of a file without their ends; `ended` is false for a last one that has none. */
async function* linesOf(file) {
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file)) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
      yield { bytes: bytes.subarray(0, end), ended: true }
      bytes = bytes.subarray(end + 1)
    }
    // A line without an end is not kept in memory for ever; what is left of it is no line of ours in any case.
    rest = bytes.length > LONGEST_LINE ? bytes.subarray(0, LONGEST_LINE) : bytes
  }
  if (rest.length > 0) yield { bytes: rest, ended: false }
}

/** RFC 7638 thumbprint of an Ed25519 key. */
const thumbprint = ({ crv, kty, x }) => createHash('sha256').update(canonical({ crv, kty, x })).digest('base64url')

function isSigned(seal) {
  const { signature, ...said } = seal
  const { publicKey } = seal
  if (typeof signature !== 'string' || publicKey?.kty !== 'OKP' || publicKey.crv !== 'Ed25519') return false
  if (seal.keyId !== thumbprint(publicKey)) return false
  const bytes = Buffer.from(signature, 'base64url')
  // Base64url has spare bits: only the one way in which the program writes a signature counts.
  if (bytes.toString('base64url') !== signature) return false
  try {
    const key = createPublicKey({ key: publicKey, format: 'jwk' })
    return verify(null, Buffer.from(canonical(said), 'utf8'), key, bytes)
  } catch {
    // The key that the file names is none.
    return false
  }
}

/** Follows the rows one by one and keeps the first break. */
class Chain {
  first = undefined
  last = undefined
  found = undefined
  rows = 0

  constructor(head) {
    this.head = head
  }

  get next() {
    return this.last === undefined ? undefined : this.last.position + 1
  }

  get end() {
    return this.last?.position ?? 0
  }

  break(position, kind) {
    this.found ??= { position, kind }
  }

  take(row) {
    this.rows += 1
    if (row === undefined) {
      this.break(this.next ?? 1, 'altered')
      return
    }
    this.first ??= row
    if (this.last !== undefined) {
      if (row.position > this.next) this.break(this.next, 'missing')
      else if (row.position < this.next) this.break(this.next, 'unlinked')
      else if (row.previous !== this.last.hash) this.break(row.position, 'unlinked')
    }
    if (this.head?.position === row.position && this.head.hash !== row.hash) this.break(row.position, 'altered')
    this.last = row
  }
}

/**
 * Verifies a file.
 *
 * @param {string} file
 * @param {{ key?: { x: string }, head?: { position: number, hash: string } }} expected the key and an entry known from elsewhere
 */
export async function verifyFile(file, expected = {}) {
  const chain = new Chain(expected.head)
  // One line back, since the last one is the seal.
  let held
  for await (const line of linesOf(file)) {
    if (held !== undefined) chain.take(asRow(readLine(held.bytes)))
    held = line
  }
  const value = held === undefined ? undefined : readLine(held.bytes)
  const seal = value?.format === FORMAT && isHead(value.after) && isHead(value.head) ? value : undefined
  if (seal === undefined) {
    const row = asRow(value)
    if (row !== undefined) chain.take(row)
    // A whole row, or nothing, in its place: the end is gone. Anything else is a seal that was tampered with.
    if (held === undefined || row !== undefined) chain.break(chain.next ?? 1, 'tail-cut')
    else chain.break(chain.end, 'wrong-signature')
    return answerOf(chain, undefined)
  }
  if (!isSigned(seal)) {
    // What nobody signed says nothing about the rows.
    chain.break(chain.end, 'wrong-signature')
    return answerOf(chain, seal)
  }
  hold(chain, seal)
  if (!held.ended) chain.break(chain.next ?? 1, 'tail-cut')
  if (expected.key !== undefined && seal.publicKey.x !== expected.key.x) chain.break(chain.end, 'other-key')
  if (expected.head !== undefined && expected.head.position > seal.head.position) {
    chain.break(seal.head.position + 1, 'tail-cut')
  }
  return answerOf(chain, seal)
}

/** Whether the rows are the ones that the seal speaks of. */
function hold(chain, { after, head }) {
  const { first, last } = chain
  const start = after.position + 1
  if (first === undefined) {
    // Rows that could not be read are told already.
    chain.break(start, 'missing')
    return
  }
  // What is wrong before the first row comes before every other break.
  const before =
    first.position > start
      ? 'missing'
      : first.position < start || first.previous !== after.hash
        ? 'unlinked'
        : undefined
  if (before !== undefined && (chain.found === undefined || chain.found.position >= start)) {
    chain.found = { position: start, kind: chain.found?.position === start ? chain.found.kind : before }
  }
  if (after.position === 0 && after.hash !== NO_PREVIOUS) chain.break(1, 'unlinked')
  if (last.position < head.position) chain.break(last.position + 1, 'tail-cut')
  else if (last.position > head.position) chain.break(head.position + 1, 'unlinked')
  else if (last.hash !== head.hash) chain.break(last.position, 'altered')
}

function answerOf({ rows, found, first, last }, seal) {
  return {
    whole: found === undefined,
    entries: rows,
    break: found ?? null,
    first: first?.position ?? null,
    last: last === undefined ? null : { position: last.position, hash: last.hash },
    office: seal === undefined ? null : { installationId: seal.installationId, officeName: seal.officeName },
    exportedAt: seal?.exportedAt ?? null,
    keyId: seal?.keyId ?? null,
  }
}

const meanings = {
  altered: 'was altered',
  missing: 'is missing',
  unlinked: 'does not follow the one before it',
  'tail-cut': 'and everything behind it was cut off',
  'wrong-signature': 'is the last one, but the seal behind it is not one that its key signed',
  'other-key': 'is the last one, and the seal behind it was signed by another key than the one that was given',
}

function sentenceOf(answer, isKeyGiven) {
  if (answer.break !== null) return `BROKEN: entry ${answer.break.position} ${meanings[answer.break.kind]}.`
  const origin = isKeyGiven
    ? `Signed by the key that was given (${answer.keyId}).`
    : `Signed by the key ${answer.keyId}, which the file itself names: compare it with the one that the office shows.`
  return `WHOLE: ${answer.entries} entries, ${answer.first} to ${answer.last.position}. ${origin}`
}

function readArguments(argv) {
  const given = { file: undefined, key: undefined, head: undefined }
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at]
    if (word === '--key' || word === '--head') {
      at += 1
      if (argv[at] === undefined) throw new UsageError(`${word} needs a value`)
      given[word.slice(2)] = argv[at]
    } else if (word.startsWith('--') || given.file !== undefined) throw new UsageError(`not understood: ${word}`)
    else given.file = word
  }
  if (given.file === undefined)
    throw new UsageError('usage: verify-audit.mjs FILE [--key public.jwk] [--head POSITION:HASH]')
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given.head ?? '') ?? []
  if (given.head !== undefined && position === undefined) throw new UsageError('--head needs POSITION:HASH')
  return {
    file: given.file,
    key: given.key === undefined ? undefined : readKey(given.key),
    head: position === undefined ? undefined : { position: Number(position), hash },
  }
}

function readKey(file) {
  try {
    const key = JSON.parse(readFileSync(file, 'utf8'))
    if (key.kty === 'OKP' && key.crv === 'Ed25519' && typeof key.x === 'string') return key
  } catch {
    // Told below, like a key of another kind.
  }
  throw new UsageError('--key needs a file with an Ed25519 public key as JWK')
}

async function main(argv) {
  try {
    const { file, ...expected } = readArguments(argv)
    const answer = await verifyFile(file, expected)
    if (expected.head !== undefined && answer.whole && expected.head.position < answer.first) {
      throw new UsageError('--head lies before what the file holds')
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
    process.stderr.write(`${sentenceOf(answer, expected.key !== undefined)}\n`)
    return answer.whole ? 0 : 1
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

/** By name and not by path, so that no link or spelling of a folder makes it end without having verified anything. */
const nameOf = (path) => basename(path).toLowerCase()
if (process.argv[1] !== undefined && nameOf(realpathSync(process.argv[1])) === nameOf(fileURLToPath(import.meta.url))) {
  process.exitCode = await main(process.argv.slice(2))
}
