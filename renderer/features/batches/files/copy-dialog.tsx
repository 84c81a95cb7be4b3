import { Alert, Text, TextInput } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PaymentSheet } from '../../../../shared/model/payment-sheet.ts'
import { useApi } from '../../../api/provider.tsx'
import { DeedDialog } from '../../../components/deed-dialog.tsx'
import { useDialog } from '../../../components/dialogs.tsx'
import { saveFile } from '../../../components/save-file.ts'
import { useFormat } from '../../../i18n/format.ts'
import { partName } from '../part-name.ts'
import type { FileCopy, FilesPage } from './answers.ts'

export type CopyTaken = FileCopy

type FileView = FilesPage['files'][number]

/** Forms that go on paper; the others are saved as a file. */
export const isPaper = ({ form }: Pick<FileCopy, 'form'>): boolean => form === 'list' || form === 'vouchers'

/** What a copy on paper says. */
export const sheetOf = ({ content }: Pick<FileCopy, 'content'>): PaymentSheet => PaymentSheet.parse(JSON.parse(content))

/** Takes a copy after the PIN, and a reason where one may be outside already; a file is saved with its signature beside it. */
export function useTakeCopy(): (batchId: string, file: FileView) => Promise<FileCopy | undefined> {
  const show = useDialog()
  return useCallback(
    async (batchId, file) => {
      const copy = await show<FileCopy>((close) => <CopyDialog batchId={batchId} file={file} onClose={close} />)
      if (copy === undefined) return undefined
      if (!isPaper(copy)) {
        saveFile(copy.name, copy.content, copy.form === 'csv' ? 'text/csv;charset=utf-8' : 'application/xml')
        saveFile(`${copy.name}.jws`, copy.signature, 'application/jose')
      }
      return copy
    },
    [show],
  )
}

interface CopyDialogProps {
  batchId: string
  file: FileView
  onClose: (copy?: FileCopy) => void
}

function CopyDialog({ batchId, file, onClose }: CopyDialogProps) {
  const { t } = useTranslation('files')
  const format = useFormat()
  const api = useApi()
  const [reason, setReason] = useState('')
  const { part, needsReason, lastCopy } = file
  return (
    <DeedDialog
      title={t('copy.title', { part: partName(part, format), number: format.number(lastCopy + 1) })}
      confirmLabel={t(isPaper(file) ? 'copy.print' : 'copy.save')}
      ready={!needsReason || reason.trim() !== ''}
      pin={needsReason ? 'last' : 'first'}
      run={async (pin) => onClose(await api.files.takeCopy.run({ batchId, part, reason: reason.trim(), pin }))}
      onClose={() => onClose()}
    >
      <Text>{t('copy.body', { count: file.count, number: format.number(file.count) })}</Text>
      {needsReason && (
        <>
          <Alert color="ochre">{t(lastCopy > 0 ? 'copy.again' : 'copy.maybe')}</Alert>
          <TextInput
            label={t('copy.why')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={200}
            data-autofocus
          />
        </>
      )}
    </DeedDialog>
  )
}
