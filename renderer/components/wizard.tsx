import { Button, Group, Stack, Stepper } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** One step of a wizard. */
export interface WizardStep {
  readonly key: string
  readonly label: string
  readonly content: ReactNode
  /** Whether one may go on from here; true by default. */
  readonly complete?: boolean
}

interface WizardProps {
  steps: readonly WizardStep[]
  /** Index of the step that is shown. */
  current: number
  onStep: (index: number) => void
  /** The last step's button. */
  finishLabel: string
  onFinish: () => void
  busy?: boolean
  onCancel?: () => void
}

/** Steps in order: back at any time, forward only past a complete step. */
export function Wizard({ steps, current, onStep, finishLabel, onFinish, busy = false, onCancel }: WizardProps) {
  const { t } = useTranslation()
  const step = steps[current]
  const last = current === steps.length - 1
  return (
    <Stack gap="lg">
      <Stepper active={current} onStepClick={(index) => index < current && onStep(index)} size="sm" iconSize={28}>
        {steps.map(({ key, label }, index) => (
          <Stepper.Step key={key} label={label} allowStepSelect={index < current} />
        ))}
      </Stepper>
      <div>{step?.content}</div>
      <Group justify="space-between">
        {onCancel ? (
          <Button variant="subtle" color="gray" onClick={onCancel} disabled={busy}>
            {t('cancel')}
          </Button>
        ) : (
          <span />
        )}
        <Group gap="xs">
          {current > 0 && (
            <Button variant="default" onClick={() => onStep(current - 1)} disabled={busy}>
              {t('back')}
            </Button>
          )}
          <Button
            disabled={step?.complete === false}
            loading={busy}
            onClick={() => (last ? onFinish() : onStep(current + 1))}
          >
            {last ? finishLabel : t('next')}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
