import { z } from 'zod'
import { ConsentWay } from '../../../../shared/model/tokenisation.ts'
import { importSubjects, suggestMapping, suggestSubject } from '../../../../shared/rules/import-columns.ts'
import { spreadsheetSafe } from '../../../../shared/rules/text.ts'
import { officerProcedure, roleProcedure, router } from '../../api/procedure.ts'
import { toCsv } from '../export/exports.ts'
import { encodings } from './decode.ts'

const Id = z.string().max(64)
const Reading = z.object({
  encoding: z.enum(encodings).optional(),
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
})
const Options = Reading.extend({
  subject: z.enum(importSubjects),
  mapping: z.record(z.string().regex(/^\d{1,3}$/), z.string().max(40)),
  dayOrder: z.enum(['ymd', 'dmy', 'mdy']),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  existing: z.enum(['skip', 'update']),
  identityType: z.string().max(40).optional(),
  programmeId: Id.optional(),
  consentHow: ConsentWay.optional(),
})
const clerk = roleProcedure('clerk')
const CHUNK_LIMIT = 1_400_000

/** A sentence as the screens gave it, with its values put in. */
const filled = (sentence: string, values: Readonly<Record<string, unknown>> = {}): string =>
  sentence.replaceAll(/\{\{\s*(\w+)[^}]*\}\}/g, (place, name: string) => String(values[name] ?? place))

/** Bringing people in from files. A file comes in base64 pieces; check and run go on by themselves, `status` follows them. */
export const importRouter = router({
  begin: clerk
    .input(z.object({ fileName: z.string().min(1).max(200), size: z.int().min(0) }))
    .mutation(({ ctx, input }) => ctx.office.registry.imports.begin(ctx.officer.id, input.fileName, input.size)),

  append: clerk
    .input(z.object({ id: Id, piece: z.int().min(0), content: z.base64().max(CHUNK_LIMIT) }))
    .mutation(({ ctx, input }) =>
      ctx.office.registry.imports.append(input.id, input.piece, Buffer.from(input.content, 'base64')),
    ),

  /** Looks at the file and says how it could be read: the choices of the last time for such a file, else a guess. */
  inspect: clerk.input(z.object({ id: Id, reading: Reading })).mutation(async ({ ctx, input }) => {
    const { imports } = ctx.office.registry
    const inspection = await imports.inspect(input.id, input.reading)
    const remembered = imports.findRemembered(input.id)
    const subject = remembered?.subject ?? suggestSubject(inspection.header)
    const mapping = remembered?.mapping ?? suggestMapping(subject, inspection.header)
    return {
      inspection,
      suggestion: { dayOrder: 'dmy' as const, existing: 'skip' as const, ...remembered, subject, mapping },
    }
  }),

  check: clerk
    .input(z.object({ id: Id, options: Options }))
    .mutation(({ ctx, input }) => ctx.office.registry.imports.check(input.id, input.options)),

  start: clerk
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => ctx.office.registry.imports.run(input.id, ctx.officer.id)),

  cancel: clerk.input(z.object({ id: Id })).mutation(({ ctx, input }) => ctx.office.registry.imports.cancel(input.id)),

  discard: clerk
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => ctx.office.registry.imports.discard(input.id)),

  undo: clerk
    .input(z.object({ id: Id }))
    .mutation(({ ctx, input }) => ctx.office.registry.imports.undo(input.id, ctx.officer.id)),

  status: officerProcedure
    .input(z.object({ id: Id }))
    .query(({ ctx, input }) => ctx.office.registry.imports.status(input.id)),

  /** Imports of this officer that are under way or wait for the next step. */
  current: officerProcedure.query(({ ctx }) => ctx.office.registry.imports.current(ctx.officer.id)),

  history: officerProcedure
    .input(z.object({ limit: z.int().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.imports', input, { signal })),

  problems: clerk
    .input(z.object({ id: Id, after: z.int().min(0), limit: z.int().min(1).max(500), taken: z.boolean().optional() }))
    .query(({ ctx, input, signal }) => ctx.office.reader.run('registry.importProblems', input, { signal })),

  /** A piece of the file of rows that were not taken: the file's own columns behind row and reasons; CSV in base64. */
  badRows: clerk
    .input(
      z.object({
        id: Id,
        after: z.int().min(0),
        header: z.array(z.string().max(200)).max(500),
        sentences: z.record(z.string(), z.string().max(300)),
        words: z.object({
          row: z.string().max(100),
          reasons: z.string().max(100),
          /** What the screens call each field of a row. */
          fields: z.record(z.string(), z.string().max(200)),
        }),
      }),
    )
    .query(async ({ ctx, input, signal }) => {
      const { id, after, header, sentences, words } = input
      const { problems } = await ctx.office.reader.run(
        'registry.importProblems',
        { id, after, limit: 500, taken: false },
        { signal },
      )
      const rows = problems.map(({ row, cells, reasons }) => [
        ...header.map((_, column) => cells[column] ?? ''),
        String(row),
        reasons
          .map(
            ({ field, code, params }) =>
              `${field === '' ? '' : `${words.fields[field] ?? field}: `}${filled(sentences[code] ?? code, params)}`,
          )
          .join('; '),
      ])
      const first = after === 0 ? [[...header, words.row, words.reasons]] : []
      const text = (after === 0 ? '\ufeff' : '') + toCsv([...first, ...rows].map((cells) => cells.map(spreadsheetSafe)))
      return {
        content: Buffer.from(text).toString('base64'),
        after: problems.at(-1)?.row ?? after,
        last: problems.length < 500,
      }
    }),
})
