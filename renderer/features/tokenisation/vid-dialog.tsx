import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { DeedDialog } from '../../components/deed-dialog.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'

interface VidDialogProps {
  registrantId: string
  name: string
  /** The type of identity number under which VIDs are kept. */
  vidType: string
  onClose: (saved?: boolean) => void
}

/** Enters a person's VID, in place of the one that was wrong. */
export function VidDialog({ registrantId, name, vidType, onClose }: VidDialogProps) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const [value, setValue] = useState('')
  const [wrong, setWrong] = useState<string>()
  const save = async (): Promise<void> => {
    const number = value.replaceAll(/[\s-]/g, '')
    const { problems } = await api.registry.setIdentity.run({
      registrantId,
      type: vidType,
      value: number,
      status: 'unverified',
      expiresOn: null,
    })
    const [problem] = problems
    if (problem !== undefined) {
      setWrong(codeSentence(t, problem.code, problem.params))
      return
    }
    notifyDone(t('vid.saved'))
    onClose(true)
  }
  return (
    <DeedDialog
      title={t('vid.title', { name })}
      confirmLabel={t('vid.save')}
      pin="none"
      ready={/\d/.test(value)}
      run={save}
      onClose={() => onClose()}
    >
      <Text size="sm">{t('vid.meaning', { type: vidType })}</Text>
      <TextInput
        label={t('vid.label')}
        description={t('vid.digits')}
        value={value}
        error={wrong}
        onChange={(event) => {
          setWrong(undefined)
          setValue(event.currentTarget.value)
        }}
        dir="ltr"
        inputMode="numeric"
        autoComplete="off"
        data-autofocus
      />
    </DeedDialog>
  )
}
