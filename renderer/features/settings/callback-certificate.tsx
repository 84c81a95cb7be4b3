import { Button, Group, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Section } from '../../components/section.tsx'
import type { CallbackStatus } from './answers.ts'

/** Certificate and key of the receiver: they go in, and never come out. */
export function CallbackCertificate({ status, onSaved }: { status: CallbackStatus; onSaved: () => void }) {
  const { t } = useTranslation('callbacks')
  const api = useApi()
  const askPin = useAskPin()
  const [certificate, setCertificate] = useState('')
  const [key, setKey] = useState('')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const done = await askPin({
      title: t('certificateSave'),
      body: t('certificateMeaning'),
      confirmLabel: t('certificateSave'),
      run: (pin) => api.callbacks.setCertificate.run({ certificate, key, pin }),
    })
    if (!done) return
    setCertificate('')
    setKey('')
    notifyDone(t('saved'))
    onSaved()
  }
  return (
    <Section title={t('certificate')} description={t(status.hasCertificate ? 'certificateIsSet' : 'certificateNotSet')}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Textarea
            label={t('certificateText')}
            value={certificate}
            onChange={(event) => setCertificate(event.currentTarget.value)}
            maxLength={50_000}
            rows={3}
            dir="ltr"
          />
          <Textarea
            label={t('keyText')}
            description={t('keyMeaning')}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            maxLength={50_000}
            rows={3}
            dir="ltr"
            autoComplete="off"
          />
          <Group>
            <Button type="submit" variant="default" disabled={certificate.trim() === '' || key.trim() === ''}>
              {t('certificateSave')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
