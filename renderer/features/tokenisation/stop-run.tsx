import { Button } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { useMay } from '../../state/session.ts'

/** Ends a run before its time: whoever has no answer yet is listed as that. */
export function StopRun({ runId }: { runId: string }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const confirm = useConfirm()
  const may = useMay('clerk')
  if (!may) return null
  const stop = async (): Promise<void> => {
    const sure = await confirm({
      title: t('runs.stopTitle'),
      body: t('runs.stopMeaning'),
      confirmLabel: t('runs.stop'),
      dangerous: true,
    })
    if (!sure) return
    await api.tokenisation.stopRun.run({ runId }).then(() => notifyDone(t('runs.stopped')), notifyFault)
  }
  return (
    <Button variant="default" leftSection={<IconPlayerStop size={16} />} onClick={() => void stop()}>
      {t('runs.stop')}
    </Button>
  )
}
