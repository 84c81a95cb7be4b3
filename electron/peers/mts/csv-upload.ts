import Papa from 'papaparse'
import { invalid } from './mts-error.ts'

/** The two parts of an upload. */
export interface CsvUpload {
  /** The envelope as JSON text. */
  readonly request: string
  readonly file: string
}

/** @throws MtsError 400 where a part is missing */
export function readUpload(body: string, contentType: string): CsvUpload {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1] ?? ''
  const parts = new Map<string, string>()
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n')
    const name = /name="([^"]*)"/.exec(part.slice(0, end))?.[1]
    if (name !== undefined) parts.set(name, part.slice(end + 4).replace(/\r\n$/, ''))
  }
  const request = parts.get('request')
  const file = parts.get('csv_file')
  if (request === undefined) throw invalid('missing request body')
  if (file === undefined) throw invalid('requires CSV file')
  return { request, file }
}

/** One object per row. A byte order mark stays in the first name, and rows that are too short lack the rest. */
export function readRows(file: string, delimiter: string): object[] {
  const { data } = Papa.parse<string[]>(file, { delimiter, skipEmptyLines: true })
  const [header = [], ...rows] = data
  // The parser takes the mark away; the service does not.
  const names = file.startsWith('\ufeff')
    ? [`\ufeff${(header[0] ?? '').replace('\ufeff', '')}`, ...header.slice(1)]
    : header
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])))
}
