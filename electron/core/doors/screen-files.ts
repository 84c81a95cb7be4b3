import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { contentSecurityPolicy, guardHeaders } from './screen-policy.ts'

/** Stands in the built page where each answer gets its own nonce. */
export const nonceMark = 'office-page-nonce'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

export interface ScreenFile {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The built screens in a folder, handed out by path. */
export interface ScreenFiles {
  /** `path` as in a URL, still percent-encoded. Undefined for anything that is not a file of the screens. */
  find(path: string, connect?: readonly string[]): Promise<ScreenFile | undefined>
}

/** @param folder where the build put `index.html` and its `assets`. */
export function screenFiles(folder: string): ScreenFiles {
  return {
    async find(path, connect = []) {
      const file = await findInside(folder, path)
      if (file === undefined) return undefined
      const mediaType = mediaTypes[extname(file)]
      if (mediaType === undefined) return undefined
      const nonce = randomBytes(18).toString('base64url')
      const content = await readFile(file)
      const body = extname(file) === '.html' ? Buffer.from(content.toString().replaceAll(nonceMark, nonce)) : content
      return {
        body,
        headers: {
          ...guardHeaders,
          'Content-Security-Policy': contentSecurityPolicy(nonce, connect),
          'Content-Type': mediaType,
          'Content-Length': String(body.length),
          'Cache-Control': isHashed(path) ? 'private, max-age=31536000, immutable' : 'no-store',
        },
      }
    },
  }
}

/** The build puts a hash of the content into the name of every file in `assets`. */
const isHashed = (path: string): boolean => /^\/assets\/[^/]+-[\w-]{8,}\.\w+$/.test(path)

async function findInside(folder: string, path: string): Promise<string | undefined> {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  const names = decoded.split('/').slice(1)
  if (!decoded.startsWith('/') || names.some((name) => !/^[\w.-]*$/.test(name) || name.startsWith('.')))
    return undefined
  if (names.length === 1 && names[0] === '') names[0] = 'index.html'
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, ...names))
    return file.startsWith(root + sep) ? file : undefined
  } catch {
    return undefined
  }
}
