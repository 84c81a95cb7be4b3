import { TextInput } from '@mantine/core'

interface RecoveryKeyFieldProps {
  label: string
  description: string
  value: string
  onChange: (value: string) => void
  autoFocus?: boolean
}

/** Takes the recovery key from its paper, in groups or not; seen while it is typed, since it is long. */
export function RecoveryKeyField({ label, description, value, onChange, autoFocus = false }: RecoveryKeyFieldProps) {
  return (
    <TextInput
      autoFocus={autoFocus}
      label={label}
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      dir="ltr"
    />
  )
}
