/** Seals the personal fields of one document into one string, bound to its place and id. */
export interface Seal {
  seal(place: string, fields: object): Promise<string>
  /** @throws DOMException `OperationError` when the key is another one or the text was changed or moved */
  open(place: string, text: string): Promise<object>
}

const IV_LENGTH = 12
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** AES-GCM-256 with a fresh initial vector for every seal; `place` is authenticated with it. `key` is base64. */
export async function createSeal(key: string): Promise<Seal> {
  const cipherKey = await crypto.subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
  return {
    async seal(place, fields) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH))
      const additionalData = encoder.encode(place)
      const content = encoder.encode(JSON.stringify(fields))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, cipherKey, content)
      return textOf(iv) + textOf(new Uint8Array(sealed))
    },
    async open(place, text) {
      const iv = bytesOf(text.slice(0, IV_TEXT_LENGTH))
      const additionalData = encoder.encode(place)
      const sealed = bytesOf(text.slice(IV_TEXT_LENGTH))
      const content = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, cipherKey, sealed)
      return JSON.parse(decoder.decode(content)) as object
    },
  }
}

/** 12 bytes are 16 letters of base64, without filling. */
const IV_TEXT_LENGTH = 16
/** Arguments of one call; engines refuse very many. */
const PIECE = 8_192

/** What newer browsers do by themselves, many times faster. */
interface Base64Bytes {
  toBase64?: () => string
}
interface Base64Reader {
  fromBase64?: (text: string) => Uint8Array<ArrayBuffer>
}

function textOf(bytes: Uint8Array): string {
  const fast = (bytes as Base64Bytes).toBase64?.()
  if (fast !== undefined) return fast
  let binary = ''
  for (let start = 0; start < bytes.length; start += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE))
  }
  return btoa(binary)
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  (Uint8Array as Base64Reader).fromBase64?.(text) ?? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
