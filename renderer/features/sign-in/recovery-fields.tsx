import { useTranslation } from 'react-i18next'
import {
  isPassphraseComplete,
  noPassphrase,
  type PassphraseDraft,
  PassphraseTwice,
} from '../../components/passphrase-twice.tsx'
import { RecoveryKeyField } from '../../components/recovery-key-field.tsx'

export interface RecoveryDraft {
  readonly recoveryKey: string
  readonly next: PassphraseDraft
}

export const noRecovery: RecoveryDraft = { recoveryKey: '', next: noPassphrase }

export const isRecoveryComplete = ({ recoveryKey, next }: RecoveryDraft): boolean =>
  recoveryKey.trim() !== '' && isPassphraseComplete(next)

interface RecoveryFieldsProps {
  value: RecoveryDraft
  onChange: (value: RecoveryDraft) => void
  autoFocus?: boolean
}

/** The key from the paper, and the passphrase that the office gets instead of the one that nobody knows. */
export function RecoveryFields({ value, onChange, autoFocus = false }: RecoveryFieldsProps) {
  const { t } = useTranslation('backups')
  return (
    <>
      <RecoveryKeyField
        autoFocus={autoFocus}
        label={t('recover.key')}
        description={t('recover.keyHint')}
        value={value.recoveryKey}
        onChange={(recoveryKey) => onChange({ ...value, recoveryKey })}
      />
      <PassphraseTwice
        label={t('recover.newPassphrase')}
        labelAgain={t('recover.again')}
        value={value.next}
        onChange={(next) => onChange({ ...value, next })}
      />
    </>
  )
}
