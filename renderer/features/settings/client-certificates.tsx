import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { CopyText } from '../../components/copy-text.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { Section } from '../../components/section.tsx'
import { useMay } from '../../state/session.ts'

/** Certificates with which this office shows who it is (mutual TLS): they go in with their keys, and only they can be seen. */
export function ClientCertificates() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const may = useMay('administrator')
  const [pem, setPem] = useState('')
  const query = useQuery(api.managers.clientCertificates.queryOptions())
  const take = useMutation({
    ...api.managers.importClientCertificate.mutationOptions(),
    onSuccess: () => {
      setPem('')
      notifyDone(t('certificates.taken'))
      void query.refetch()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (pem.trim() !== '') take.mutate({ pem })
  }
  return (
    <Section title={t('certificates.title')} description={t('certificates.meaning')}>
      <Stack>
        <Answer query={query}>
          {(certificates) => (
            <Stack gap="sm">
              {certificates.length === 0 && <Text c="dimmed">{t('certificates.none')}</Text>}
              {certificates.map(({ fingerprint, subject, validUntil }) => (
                <div key={fingerprint}>
                  <Text fw={560} dir="auto">
                    {subject}
                  </Text>
                  <CopyText value={fingerprint} />
                  <Text size="sm" c="dimmed">
                    {t('certificates.until')} <MomentText at={validUntil} show="date" span />
                  </Text>
                </div>
              ))}
            </Stack>
          )}
        </Answer>
        {may && (
          <form onSubmit={submit}>
            <Stack>
              <Textarea
                label={t('certificates.pem')}
                description={t('certificates.pemMeaning')}
                value={pem}
                onChange={(event) => setPem(event.currentTarget.value)}
                autosize
                minRows={3}
                maxRows={10}
                dir="ltr"
                spellCheck={false}
                autoComplete="off"
              />
              {take.error && <FaultMessage fault={take.error} />}
              <Group>
                <Button type="submit" variant="default" loading={take.isPending} disabled={pem.trim() === ''}>
                  {t('certificates.take')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Section>
  )
}
