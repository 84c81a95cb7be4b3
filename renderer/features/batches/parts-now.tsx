import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { useApproveResend } from './approve-resend.tsx'
import { partName } from './part-name.ts'
import { sentenceOf } from './reason-words.ts'

const SETTLED: ReadonlySet<string> = new Set(['over', 'followed'])

/** The messages of a batch that need more than waiting for the answers, in words, with the approver's one action. */
export function PartsNow({ batchId }: { batchId: string }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const approver = useMay('approver')
  const approveResend = useApproveResend()
  const parts = useQuery(
    api.dispatch.parts.queryOptions({ batchId }, { kinds: ['payment', 'delivery', 'observation', 'batch'] }),
  )
  const shown = (parts.data ?? []).filter(({ stage }) => !SETTLED.has(stage))
  if (shown.length === 0) return null
  return (
    <Section title={t('transmissions.now')}>
      <Stack gap="sm">
        {shown.map(({ part, stage, lastCode, mayApproveResend }) => (
          <Group key={part} justify="space-between" gap="sm">
            <div>
              <Text fw={560}>{t('transmissions.part', { part: partName(part, format) })}</Text>
              <Text>{t(`stages.${stage}`)}</Text>
              {lastCode !== '' && (
                <Text size="sm" c="dimmed">
                  {sentenceOf(t, lastCode)}
                </Text>
              )}
            </div>
            {mayApproveResend && approver && (
              <Button size="xs" onClick={() => void approveResend(batchId, part)}>
                {t('deed.approveResend')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Section>
  )
}
