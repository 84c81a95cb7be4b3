import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/provider.tsx'
import { notifyDone, notifyFault } from '../../../components/notify.tsx'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import { todayText } from '../../../i18n/today.ts'
import type { View } from '../answers.ts'

/** Records that a person died, or takes it back. */
export function DeathDialog({ view, onClose }: { view: View; onClose: () => void }) {
  const { t } = useTranslation('registrants')
  const api = useApi()
  const [day, setDay] = useState(view.deceasedOn ?? todayText())
  const [error, setError] = useState<string>()
  const save = async (wanted: string | null): Promise<void> => {
    try {
      const outcome = await api.registry.deceased.run({ id: view.id, day: wanted })
      const [problem] = outcome.outcome === 'problems' ? outcome.problems : []
      if (problem) return setError(codeSentence(t, problem.code, problem.params))
      notifyDone(t('form.saved'))
      onClose()
    } catch (fault) {
      notifyFault(fault)
    }
  }
  return (
    <Modal opened onClose={onClose} title={<Text fw={640}>{t('record.death')}</Text>}>
      <Stack>
        <Text>{t('record.deathBody', { name: view.name })}</Text>
        <TextInput
          type="date"
          label={t('fields.deceasedOn')}
          value={day}
          error={error}
          max={todayText()}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          {view.deceasedOn !== null && (
            <Button variant="default" onClick={() => void save(null)}>
              {t('record.deathMistaken')}
            </Button>
          )}
          <Button onClick={() => void save(day)}>{t('form.save')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
