import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Fewest characters of a passphrase; the core asks for the same. */
const SHORTEST_PASSPHRASE = 12

export interface PassphraseDraft {
  readonly passphrase: string
  readonly again: string
}

export const noPassphrase: PassphraseDraft = { passphrase: '', again: '' }

export const isPassphraseComplete = ({ passphrase, again }: PassphraseDraft): boolean =>
  passphrase.length >= SHORTEST_PASSPHRASE && passphrase === again

interface PassphraseTwiceProps {
  label: string
  labelAgain: string
  value: PassphraseDraft
  onChange: (value: PassphraseDraft) => void
}

/** A new passphrase, typed two times. */
export function PassphraseTwice({ label, labelAgain, value, onChange }: PassphraseTwiceProps) {
  const { t } = useTranslation('sign-in')
  const show = { visibilityToggleButtonProps: { 'aria-label': t('common:pin.show') }, autoComplete: 'off' }
  const { passphrase, again } = value
  return (
    <>
      <PasswordInput
        label={label}
        description={t('new.passphraseHint', { count: SHORTEST_PASSPHRASE })}
        value={passphrase}
        onChange={(event) => onChange({ ...value, passphrase: event.currentTarget.value })}
        {...show}
      />
      <PasswordInput
        label={labelAgain}
        value={again}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
        error={again !== '' && again !== passphrase && t('check.passphraseAgain')}
        {...show}
      />
    </>
  )
}
