import { Select, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConsentWay } from '../../../shared/model/tokenisation.ts'
import { useApi } from '../../api/provider.tsx'
import { useFormat } from '../../i18n/format.ts'
import { todayText } from '../../i18n/today.ts'
import { DeedDialog } from '../deed-dialog.tsx'
import { notifyDone } from '../notify.tsx'

interface ConsentDialogProps {
  registrantIds: readonly string[]
  /** Of the one person; more are counted. */
  name?: string
  /** Whether consent is written down or withdrawn. */
  given: boolean
  onClose: (written?: boolean) => void
}

/** Writes down that people let the office ask for their token, or that they do not any more. */
export function ConsentDialog({ registrantIds, name, given, onClose }: ConsentDialogProps) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const [on, setOn] = useState(todayText)
  const [how, setHow] = useState<ConsentWay>('paper')
  const [note, setNote] = useState('')
  const count = registrantIds.length
  const whom = name ?? t('consent.people', { count, number: format.number(count) })
  const save = async (): Promise<void> => {
    const { written } = await api.tokenisation.consents.set.run({
      registrantIds: [...registrantIds],
      given,
      on,
      how,
      note: note.trim(),
    })
    notifyDone(t(given ? 'consent.written' : 'consent.withdrawn', { count: written, number: format.number(written) }))
    onClose(true)
  }
  return (
    <DeedDialog
      title={t(given ? 'consent.give' : 'consent.withdraw', { whom })}
      confirmLabel={t(given ? 'consent.giveDeed' : 'consent.withdrawDeed')}
      dangerous={!given}
      pin="none"
      ready={on !== '' && on <= todayText()}
      run={save}
      onClose={() => onClose()}
    >
      <Text size="sm">{t(given ? 'consent.giveMeaning' : 'consent.withdrawMeaning')}</Text>
      <TextInput
        type="date"
        label={t('consent.on')}
        value={on}
        max={todayText()}
        onChange={(event) => setOn(event.currentTarget.value)}
      />
      <Select
        label={t('consent.how')}
        value={how}
        onChange={(chosen) => setHow(ConsentWay.options.find((one) => one === chosen) ?? 'paper')}
        data={ConsentWay.options.map((one) => ({ value: one, label: t(`consent.ways.${one}`) }))}
        allowDeselect={false}
      />
      <Textarea
        label={t('consent.note')}
        description={t('consent.noteMeaning')}
        value={note}
        maxLength={500}
        autosize
        minRows={1}
        maxRows={4}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </DeedDialog>
  )
}
