import type { inferProcedureOutput } from '@trpc/server'
import type { AppRouter } from '../../../../electron/core/api/router.ts'

type Files = AppRouter['_def']['record']['files']

export type FilesPage = inferProcedureOutput<Files['view']>
export type FileCopy = inferProcedureOutput<Files['takeCopy']>
export type ResultsPreview = inferProcedureOutput<Files['previewResults']>
