import { ActionIcon, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'
import { SignInFields } from './sign-in-fields.tsx'

const MOST_HEADERS = 20

/** How this office gets in: sign-in, certificates of both sides, and headers that go with every request. */
export function ConnectionSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const format = useFormat()
  const { text, words } = useFields(part)
  const { draft, change, wrongAt } = part
  const certificates = useQuery(api.managers.clientCertificates.queryOptions())
  const { extraHeaders } = draft
  const put = (index: number, changed: Partial<(typeof extraHeaders)[number]>): void =>
    change({ extraHeaders: extraHeaders.map((header, at) => (at === index ? { ...header, ...changed } : header)) })
  return (
    <Section id={placeOf('connection')} title={t('form.connection')} description={t('form.connectionMeaning')}>
      <Stack>
        <SignInFields {...part} />
        <Select
          {...words('clientCertificate')}
          value={draft.clientCertificate}
          onChange={(chosen) => change({ clientCertificate: chosen ?? '' })}
          data={[
            { value: '', label: t('form.noCertificate') },
            ...(certificates.data ?? []).map(({ fingerprint, subject, validUntil }) => ({
              value: fingerprint,
              label: t('form.certificateUntil', {
                subject,
                day: format.day(new Date(validUntil).toISOString().slice(0, 10)),
              }),
            })),
          ]}
          allowDeselect={false}
        />
        <Textarea {...text('certificateAuthority')} autosize minRows={2} maxRows={8} dir="ltr" />
        <div>
          <Text fw={600} size="sm">
            {t('fields.extraHeaders')}
          </Text>
          <Text size="xs" c="dimmed">
            {t('explains.extraHeaders')}
          </Text>
        </div>
        {extraHeaders.map((header, index) => (
          // Two headers under way may be equal, so only the place tells them apart.
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are edited in place and never reordered
          <Group key={index} align="flex-start" wrap="nowrap">
            <TextInput
              aria-label={t('form.headerName')}
              placeholder={t('form.headerName')}
              value={header.name}
              onChange={(event) => put(index, { name: event.currentTarget.value.trim() })}
              error={wrongAt(`extraHeaders.${index}.name`)}
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
            />
            <TextInput
              flex={1}
              aria-label={t('form.headerValue')}
              placeholder={t('form.headerValue')}
              value={header.value}
              onChange={(event) => put(index, { value: event.currentTarget.value })}
              error={wrongAt(`extraHeaders.${index}.value`)}
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
            />
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={t('form.removeHeader')}
              onClick={() => change({ extraHeaders: extraHeaders.filter((_, at) => at !== index) })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            disabled={extraHeaders.length >= MOST_HEADERS}
            onClick={() => change({ extraHeaders: [...extraHeaders, { name: '', value: '' }] })}
          >
            {t('form.addHeader')}
          </Button>
        </Group>
      </Stack>
    </Section>
  )
}
