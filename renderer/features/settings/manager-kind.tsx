import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import type { ManagerDraft } from './manager-draft.ts'

export const managerKinds = ['g2p-connect', 'file'] as const satisfies readonly ManagerDraft['kind'][]
export type OfferedKind = (typeof managerKinds)[number]

interface ManagerKindProps {
  kind: ManagerDraft['kind']
  onChoose: (kind: OfferedKind) => void
}

/** Whether there is a payment system, which the form then asks about, or files; chosen once, when a manager is made. */
export function ManagerKind({ kind, onChoose }: ManagerKindProps) {
  const { t } = useTranslation('settings')
  return (
    <Section title={t('kind.title')} description={t('kind.meaning')}>
      <Select
        label={t('kind.label')}
        value={kind === 'file' ? 'file' : 'g2p-connect'}
        onChange={(chosen) => {
          const found = managerKinds.find((one) => one === chosen)
          if (found !== undefined) onChoose(found)
        }}
        data={managerKinds.map((one) => ({ value: one, label: t(`kind.${one}`) }))}
        allowDeselect={false}
      />
    </Section>
  )
}
