/*
 * Texts as Python writes them: the service is written in it, and the length of a body is part of what was recorded.
 */

/** JSON as Python's `json.dumps` writes it: a space after comma and colon, everything beyond ASCII escaped. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${pythonJson(key)}: ${pythonJson(member)}`)
      .join(', ')}}`
  }
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The name of a value's type. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    case 'string':
      return 'str'
    default:
      return 'dict'
  }
}

/** A table of formatted records: rows of lists, of objects (whose keys are the header), or of the characters of a text. */
export function pythonCsv(rows: readonly unknown[], lineEnd: string): string {
  const [first] = rows
  const header = typeof first === 'object' && first !== null && !Array.isArray(first) ? Object.keys(first) : undefined
  const lines = rows.map((row) => {
    if (Array.isArray(row)) return row
    if (typeof row === 'object' && row !== null) {
      return (header ?? []).map((key) => (row as Record<string, unknown>)[key])
    }
    return [...String(row ?? '')]
  })
  return [...(header === undefined ? [] : [header]), ...lines]
    .map((cells) => cells.map(csvCell).join(',') + lineEnd)
    .join('')
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? pythonJson(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
