import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export interface NewPin {
  readonly pin: string
  readonly again: string
}

export const noPin: NewPin = { pin: '', again: '' }
/** Both fields hold the same; whether it is strong enough is for the core to say. */
export const isPinComplete = ({ pin, again }: NewPin): boolean => pin !== '' && pin === again

interface PinFieldsProps {
  label: string
  description: string
  value: NewPin
  onChange: (value: NewPin) => void
}

/** A new PIN, typed twice. */
export function PinFields({ label, description, value, onChange }: PinFieldsProps) {
  const { t } = useTranslation()
  const common = {
    inputMode: 'numeric' as const,
    autoComplete: 'off',
    maxLength: 12,
    visibilityToggleButtonProps: { 'aria-label': t('pin.show') },
  }
  return (
    <>
      <PasswordInput
        label={label}
        description={description}
        value={value.pin}
        onChange={(event) => onChange({ ...value, pin: event.currentTarget.value })}
        {...common}
      />
      <PasswordInput
        label={t('pin.again')}
        value={value.again}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
        error={value.again !== '' && value.again !== value.pin && t('pin.differ')}
        {...common}
      />
    </>
  )
}
