import type { ImportOptions } from '../../../electron/core/registry/import/import-types.ts'
import type { ImportStatus } from '../../../electron/core/registry/import/imports.ts'
import type { RecordPage, RegistrantPage } from '../../../electron/core/registry/queries.ts'
import type { SaveOutcome } from '../../../electron/core/registry/registrant-commands.ts'
import type { RegistrantView } from '../../../shared/model/registrant.ts'
import type { RegistrantFacts } from '../../../shared/rules/registrant-entry.ts'
import { hire, newOffice, type OpenOffice } from '../open-office.ts'

export const CLERK = 'samir'

/** A real office in which a clerk is signed in at the window `samir`. */
export async function clerkOffice(): Promise<OpenOffice> {
  const { office } = await newOffice()
  await hire(office, CLERK, ['clerk'], '271828')
  return office
}

export const someFacts = (facts: Partial<RegistrantFacts>): RegistrantFacts => ({
  registryNumber: '',
  name: '',
  givenName: '',
  familyName: '',
  additionalName: '',
  groupKind: '',
  gender: '',
  birthdate: null,
  address: '',
  area: '',
  modeOfPayment: 'cash',
  tags: [],
  registrationDate: '2026-01-01',
  ...facts,
})

export async function enter(
  office: OpenOffice,
  kind: 'individual' | 'group',
  facts: Partial<RegistrantFacts>,
): Promise<RegistrantView> {
  const saved = await office.get<SaveOutcome>('registry.create', { kind, facts: someFacts(facts) }, CLERK)
  if (saved.outcome !== 'saved') throw new Error(JSON.stringify(saved))
  return saved.view
}

export const record = (office: OpenOffice, id: string): Promise<RecordPage> =>
  office.get<RecordPage>('registry.record', { id }, CLERK)

export const list = (office: OpenOffice, input: object = {}): Promise<RegistrantPage> =>
  office.get<RegistrantPage>(
    'registry.page',
    { offset: 0, limit: 500, order: { column: 'name', direction: 'asc' }, ...input },
    CLERK,
  )

/** Uploads a file in small pieces and looks at it. */
export async function upload(
  office: OpenOffice,
  content: string | Uint8Array,
  fileName = 'people.csv',
): Promise<{
  id: string
  suggestion: ImportOptions
  inspection: { header: string[]; rows: number; encoding: string }
}> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  const { id } = await office.get<{ id: string }>('registry.imports.begin', { fileName, size: bytes.length }, CLERK)
  const PIECE = 40_000
  for (let at = 0, piece = 0; at < bytes.length; at += PIECE, piece++) {
    const part = bytes.subarray(at, at + PIECE).toString('base64')
    await office.get('registry.imports.append', { id, piece, content: part }, CLERK)
  }
  return {
    id,
    ...(await office.get<{
      suggestion: ImportOptions
      inspection: { header: string[]; rows: number; encoding: string }
    }>('registry.imports.inspect', { id, reading: {} }, CLERK)),
  }
}

export async function statusWhen(
  office: OpenOffice,
  id: string,
  reached: (status: ImportStatus) => boolean,
): Promise<ImportStatus> {
  for (;;) {
    const status = await office.get<ImportStatus>('registry.imports.status', { id }, CLERK)
    if (reached(status)) return status
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Checks an uploaded file; `options` over the suggestion. */
export async function check(
  office: OpenOffice,
  uploaded: { id: string; suggestion: ImportOptions },
  options: Partial<ImportOptions> = {},
): Promise<ImportStatus> {
  const { id, suggestion } = uploaded
  await office.get('registry.imports.check', { id, options: { ...suggestion, ...options } }, CLERK)
  return statusWhen(office, id, ({ stage }) => stage !== 'checking')
}

/** Uploads, checks and runs a file to its end. */
export async function bringIn(
  office: OpenOffice,
  content: string | Uint8Array,
  options: Partial<ImportOptions> = {},
): Promise<ImportStatus> {
  const uploaded = await upload(office, content)
  const checked = await check(office, uploaded, options)
  if (checked.stage !== 'checked') return checked
  await office.get('registry.imports.start', { id: uploaded.id }, CLERK)
  return statusWhen(office, uploaded.id, ({ stage }) => stage === 'ended')
}

export async function problemsOf(
  office: OpenOffice,
  id: string,
): Promise<{ row: number; line: number; taken: boolean; reasons: { field: string; code: string }[] }[]> {
  const input = { id, after: 0, limit: 500 }
  return (await office.get<{ problems: never[] }>('registry.imports.problems', input, CLERK)).problems
}
