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

type Header = ManagerFormPart['draft']['extraHeaders'][number]

/** Two headers under way may be equal, so each has a key beside it, which goes on to what it is changed into. */
const keys = new WeakMap<Header, string>()

function keyOf(header: Header): string {
  const key = keys.get(header) ?? crypto.randomUUID()
  keys.set(header, key)
  return key
}

function changedHeader(header: Header, part: Partial<Header>): Header {
  const changed = { ...header, ...part }
  keys.set(changed, keyOf(header))
  return changed
}

/** How this office gets in: sign-in, certificates of both sides, and headers that go with every request. */
export function ConnectionSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const api = useApi()
  const format = useFormat()
  const { text, words } = useFields(part)
  const { draft, change, wrongAt } = part
  const certificates = useQuery(api.managers.clientCertificates.queryOptions())
  const { extraHeaders } = draft
  const put = (wanted: Header, part: Partial<Header>): void =>
    change({ extraHeaders: extraHeaders.map((header) => (header === wanted ? changedHeader(header, part) : header)) })
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
          <Group key={keyOf(header)} align="flex-start" wrap="nowrap">
            <TextInput
              aria-label={t('form.headerName')}
              placeholder={t('form.headerName')}
              value={header.name}
              onChange={(event) => put(header, { name: event.currentTarget.value.trim() })}
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
              onChange={(event) => put(header, { value: event.currentTarget.value })}
              error={wrongAt(`extraHeaders.${index}.value`)}
              dir="ltr"
              autoComplete="off"
              spellCheck={false}
            />
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={t('form.removeHeader')}
              onClick={() => change({ extraHeaders: extraHeaders.filter((other) => other !== header) })}
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
