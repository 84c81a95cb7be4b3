import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { useMay } from '../../state/session.ts'
import type { Connector } from './answers.ts'

/** Start, stop, and run now. */
export function ConnectorDeeds({ connector, onChanged }: { connector: Connector; onChanged: () => void }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const navigate = useNavigate()
  const confirm = useConfirm()
  const [busy, setBusy] = useState(false)
  const mayRun = useMay('clerk')
  const may = useMay('administrator')
  const { id, name, state, usable } = connector
  const started = state === 'started'
  const deed = async (run: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    await run().catch(notifyFault)
    setBusy(false)
    onChanged()
  }
  const stop = async (): Promise<void> => {
    const sure = await confirm({
      title: t('connectors.stopTitle', { name }),
      body: t('connectors.stopMeaning'),
      confirmLabel: t('connectors.stop'),
    })
    if (!sure) return
    await deed(async () => {
      await api.tokenisation.connectors.stop.run({ id })
      notifyDone(t('connectors.stopped', { name }))
    })
  }
  const start = (): Promise<void> =>
    deed(async () => {
      await api.tokenisation.connectors.start.run({ id })
      notifyDone(t('connectors.started', { name }))
    })
  const runNow = (): Promise<void> =>
    deed(async () => {
      const { runId } = await api.tokenisation.runNow.run({ connectorId: id, registrantIds: null })
      await navigate(`/tokens/runs/${runId}`)
    })
  return (
    <>
      {mayRun && (
        <Button
          variant="default"
          leftSection={<IconPlayerTrackNext size={16} />}
          disabled={!usable || busy}
          onClick={() => void runNow()}
        >
          {t('connectors.runNow')}
        </Button>
      )}
      {may &&
        (started ? (
          <Button
            variant="default"
            leftSection={<IconPlayerPause size={16} />}
            disabled={busy}
            onClick={() => void stop()}
          >
            {t('connectors.stop')}
          </Button>
        ) : (
          <Button leftSection={<IconPlayerPlay size={16} />} disabled={!usable || busy} onClick={() => void start()}>
            {t('connectors.start')}
          </Button>
        ))}
    </>
  )
}
