import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { useMay } from '../../state/session.ts'

interface StoppedProps {
  fault: Fault
  onDone: () => void
}

/** Something that stops the office until an administrator has answered it. */
export function Stopped({ fault, onDone }: StoppedProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const ask = async (
    name: 'confirmServer' | 'takeRemovals' | 'refuseRemovals',
    run: (pin: string) => Promise<unknown>,
  ) => {
    const done = await askPin({
      title: t(`stopped.${name}.title`),
      body: t(`stopped.${name}.body`, fault.params),
      confirmLabel: t(`stopped.${name}.confirm`),
      run,
    })
    if (done) onDone()
  }
  return (
    <Stack gap="xs" data-stopped={fault.code}>
      <FaultMessage fault={fault} />
      {may && fault.code === 'central.server-changed' && (
        <Stack gap="xs" align="flex-start">
          <Text>{t('stopped.confirmServer.body')}</Text>
          <Button onClick={() => void ask('confirmServer', (pin) => api.offices.confirmServer.run({ pin }))}>
            {t('stopped.confirmServer.confirm')}
          </Button>
        </Stack>
      )}
      {may && fault.code === 'central.removal-guard' && (
        <Group>
          <Button
            onClick={() => void ask('refuseRemovals', (pin) => api.central.answerRemovals.run({ take: false, pin }))}
          >
            {t('stopped.refuseRemovals.confirm')}
          </Button>
          <Button
            variant="default"
            onClick={() => void ask('takeRemovals', (pin) => api.central.answerRemovals.run({ take: true, pin }))}
          >
            {t('stopped.takeRemovals.confirm')}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
