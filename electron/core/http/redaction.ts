/** Headers whose values tell nothing about people or secrets; all others are logged by name only. */
const HARMLESS = new Set(['content-type', 'content-length', 'date', 'retry-after', 'server', 'connection', 'allow'])

/** An address as logs may show it: origin and path, without user, query or fragment. */
export function redactUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null ? '(invalid address)' : parsed.origin + parsed.pathname
}

/** Headers as logs may show them. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    shown[name.toLowerCase()] = HARMLESS.has(name.toLowerCase()) ? value : '…'
  }
  return shown
}
