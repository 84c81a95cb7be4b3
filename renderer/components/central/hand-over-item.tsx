import { Menu, Select, Text } from '@mantine/core'
import { IconArrowForwardUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecipientRow } from '../../../shared/contract/central-files.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { useApi } from '../../api/provider.tsx'
import { useMay } from '../../state/session.ts'
import { DeedDialog } from '../deed-dialog.tsx'
import { useDialog } from '../dialogs.tsx'
import { notifyDone } from '../notify.tsx'

const READY: ReadonlySet<string> = new Set<Batch['state']>(['approved', 'queued', 'claimed'])

/** Gives a batch to another office for good; offered where somebody is known to give it to. */
export function HandOverItem({ batch, onDone }: { batch: Pick<Batch, 'id' | 'state'>; onDone: () => void }) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const show = useDialog()
  const may = useMay('approver', 'administrator')
  const query = useQuery(api.centralFiles.recipients.queryOptions(undefined))
  const offices = (query.data ?? []).filter(({ installationId }) => installationId !== 'centre')
  if (!may || offices.length === 0 || !READY.has(batch.state)) return null
  const ask = (): void =>
    void show<void>((close) => (
      <HandOverDialog batchId={batch.id} offices={offices} onDone={onDone} onClose={() => close(undefined)} />
    ))
  return (
    <Menu.Item leftSection={<IconArrowForwardUp size={16} />} color="brick" onClick={ask}>
      {t('handOver.action')}
    </Menu.Item>
  )
}

interface HandOverDialogProps {
  batchId: string
  offices: readonly RecipientRow[]
  onDone: () => void
  onClose: () => void
}

function HandOverDialog({ batchId, offices, onDone, onClose }: HandOverDialogProps) {
  const { t } = useTranslation('central-files')
  const api = useApi()
  const [to, setTo] = useState<string | null>(null)
  return (
    <DeedDialog
      title={t('handOver.action')}
      confirmLabel={t('handOver.confirm')}
      dangerous
      ready={to !== null}
      onClose={onClose}
      run={async (pin) => {
        await api.centralFiles.handOver.run({ batchId, to: to ?? '', pin })
        notifyDone(t('handOver.done'))
        onDone()
        onClose()
      }}
    >
      <Text>{t('handOver.meaning')}</Text>
      <Select
        label={t('handOver.to')}
        data={offices.map(({ installationId, officeName }) => ({ value: installationId, label: officeName }))}
        value={to}
        onChange={setTo}
      />
    </DeedDialog>
  )
}
