import { Alert, Stack } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../shared/contract/result.ts'
import { type Deed, deeds } from '../../shared/contract/sign-in.ts'
import { useApi } from '../api/provider.tsx'
import { FaultMessage } from './fault-message.tsx'
import { ProviderSignIn } from './provider-sign-in.tsx'

/** The deed that wants a fresh sign-in, where a fault says so. */
export interface WantedStepUp {
  readonly fault: Fault
  readonly name: string
  readonly deed: Deed
  readonly ids: readonly string[]
}

export function findStepUp(fault: Fault): WantedStepUp | undefined {
  if (fault.code !== 'sign-in.step-up-needed') return undefined
  const { name = '', ids = '' } = fault.params
  const deed = deeds.find((one) => one === fault.params.deed) ?? 'approve'
  return { fault, name: String(name), deed, ids: String(ids).split(' ') }
}

/** Lets the officer show up at the provider once more; then the deed can be done. */
export function StepUp({ fault: { fault, name, deed, ids } }: { fault: WantedStepUp }) {
  const { t } = useTranslation()
  const api = useApi()
  const [done, setDone] = useState(false)
  if (done) {
    return (
      <Alert color="spruce" icon={<IconCircleCheck size={18} />} role="status">
        {t('provider.confirmed', { name })}
      </Alert>
    )
  }
  return (
    <Stack gap="xs">
      <FaultMessage fault={fault} />
      <ProviderSignIn
        name={name}
        label={t('provider.confirm', { name })}
        begin={(language) => api.signIn.beginStepUp.run({ deed, ids: [...ids], language })}
        onOutcome={(outcome) => setDone(outcome.kind === 'stepped-up')}
      />
    </Stack>
  )
}
