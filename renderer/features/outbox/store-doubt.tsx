import { Button, Group, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { useMay } from '../../state/session.ts'

/** A restored, copied or moved store: nothing leaves before an administrator says that this one goes on. */
export function StoreDoubt({ doubt }: { doubt: Fault }) {
  const { t } = useTranslation('outbox')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  return (
    <Stack gap="xs">
      <FaultMessage fault={doubt} />
      {may && (
        <Group>
          <Button
            onClick={() =>
              void askPin({
                title: t('doubt.title'),
                body: t('doubt.body'),
                confirmLabel: t('doubt.confirm'),
                run: (pin) => api.dispatch.confirmRestored.run({ pin }),
              })
            }
          >
            {t('doubt.confirm')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
