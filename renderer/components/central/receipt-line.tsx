import { Group, Text } from '@mantine/core'
import { IconCloudCheck, IconCloudUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RecordKind } from '../../../shared/model/records.ts'
import { useApi } from '../../api/provider.tsx'
import { MomentText } from '../moment-text.tsx'
import { useCentralOverview } from './use-overview.ts'

interface ReceiptLineProps {
  kind: RecordKind
  id: string
}

/** Milliseconds: a receipt comes without the record changing. */
const EVERY = 10_000

/**
 * Whether the central server has this record as it is shown; nothing where the office works alone. Its place is kept while the
 * answer is on its way: what comes late moves the buttons beside it, and a click goes past them.
 */
export function ReceiptLine({ kind, id }: ReceiptLineProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const office = useCentralOverview()
  const { data } = useQuery(
    api.central.receipt.queryOptions({ kind, id }, { kinds: [kind], keepPrevious: true, every: EVERY }),
  )
  if (!(data?.configured ?? office.data?.status.configured)) return null
  if (data === undefined) return <Text size="sm" mih="1lh" />
  const { at } = data
  const Picture = at === null ? IconCloudUp : IconCloudCheck
  return (
    <Group gap={6} wrap="nowrap" data-receipt={at === null ? 'none' : 'there'}>
      <Picture size={15} aria-hidden />
      <Text size="sm" span>
        {at === null ? (
          t('receipt.none')
        ) : (
          <>
            {t('receipt.since')} <MomentText at={at} show="date" />
          </>
        )}
      </Text>
    </Group>
  )
}
