import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistrantFacts } from '../../../shared/rules/registrant-entry.ts'
import type { View } from './answers.ts'

interface ConflictDialogProps {
  /** Fields that both changed. */
  fields: readonly string[]
  mine: RegistrantFacts
  theirs: View
  /** The facts as the officer wants them; nothing when the dialog is left. */
  onClose: (facts?: RegistrantFacts) => void
}

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === '' ? '—' : String(value)

/** Both versions side by side, field by field: which one shall stay? */
export function ConflictDialog({ fields, mine, theirs, onClose }: ConflictDialogProps) {
  const { t } = useTranslation('registrants')
  const [kept, setKept] = useState<Readonly<Record<string, 'mine' | 'theirs'>>>(() =>
    Object.fromEntries(fields.map((field) => [field, 'theirs'])),
  )
  const read = (from: object, field: string): unknown => (from as Record<string, unknown>)[field]
  const finish = (): void => {
    const chosen = fields.map((field) => [field, read(kept[field] === 'mine' ? mine : theirs, field)])
    onClose({ ...mine, ...Object.fromEntries(chosen) })
  }
  return (
    <Modal opened onClose={() => onClose()} size="lg" title={<Text fw={640}>{t('conflict.title')}</Text>}>
      <Stack>
        <Text>{t('conflict.explanation')}</Text>
        {fields.map((field) => (
          <Radio.Group
            key={field}
            label={t(`fields.${field}`)}
            value={kept[field] ?? 'theirs'}
            onChange={(value) => setKept((before) => ({ ...before, [field]: value === 'mine' ? 'mine' : 'theirs' }))}
          >
            <Stack gap={6} mt={4}>
              <Radio value="theirs" label={t('conflict.theirs', { value: shown(read(theirs, field)) })} />
              <Radio value="mine" label={t('conflict.mine', { value: shown(read(mine, field)) })} />
            </Stack>
          </Radio.Group>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onClose()}>
            {t('common:cancel')}
          </Button>
          <Button onClick={finish}>{t('conflict.save')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
