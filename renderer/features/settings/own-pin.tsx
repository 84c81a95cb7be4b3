import { useTranslation } from 'react-i18next'
import { PinField } from '../../components/pin-field.tsx'

/** The PIN of whoever is signed in, with which the change is signed. */
export function OwnPin({ value, onChange }: { value: string; onChange: (pin: string) => void }) {
  const { t } = useTranslation('settings')
  return <PinField description={t('signs')} value={value} onChange={onChange} />
}
