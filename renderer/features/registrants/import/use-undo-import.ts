import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { useConfirm } from '../../../components/confirm-dialog.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'

/** Takes a whole import back after asking; says why when it cannot be. */
export function useUndoImport(onDone: () => unknown): {
  undo: (id: string, fileName: string) => Promise<void>
  undoing: string | undefined
} {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const confirm = useConfirm()
  const [undoing, setUndoing] = useState<string>()
  const undo = async (id: string, fileName: string): Promise<void> => {
    const sure = await confirm({
      title: t('import.undoTitle', { file: fileName }),
      body: t('import.undoBody'),
      confirmLabel: t('import.undo'),
      dangerous: true,
    })
    if (!sure) return
    setUndoing(id)
    try {
      await api.registry.imports.undo.run({ id })
      notifyDone(t('import.undone', { file: fileName }))
    } catch (error) {
      notifyFault(error)
    } finally {
      setUndoing(undefined)
      onDone()
    }
  }
  return { undo, undoing }
}
