import { Anchor, Popover, Progress, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconCloudCheck, IconCloudUp, IconCloudX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useFormat } from '../../i18n/format.ts'
import type { Tone } from '../../state/connectivity.ts'
import { useSession } from '../../state/session.ts'
import { centralSentence } from '../central/central-words.ts'
import { SyncNow } from '../central/sync-now.tsx'
import { useCentralOverview } from '../central/use-overview.ts'
import { MomentText } from '../moment-text.tsx'
import classes from './shell.module.css'

const pictures: Record<Tone, typeof IconCloudCheck> = {
  good: IconCloudCheck,
  waiting: IconCloudUp,
  bad: IconCloudX,
}

/** What is at the central server and what not, on every screen; nothing where the office works alone. */
export function CentralChip() {
  const { t } = useTranslation('central')
  const format = useFormat()
  const { pathname } = useLocation()
  // Open on the page where it was opened: going elsewhere closes it.
  const [openedOn, setOpenedOn] = useState<string>()
  const opened = openedOn === pathname
  const setOpened = (open: boolean): void => setOpenedOn(open ? pathname : undefined)
  const { data, refetch } = useCentralOverview()
  const { training } = useSession()
  const sentence = data && centralSentence(t, format, data, training)
  if (data === undefined || sentence === undefined) return null
  const { status, unsent, waiting } = data
  const Picture = pictures[sentence.tone]
  const attention = status.stopped.length + waiting.conflicts + waiting.refusals + waiting.quarantined
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      onDismiss={() => setOpened(false)}
      position="bottom-end"
      shadow="md"
      width={340}
      trapFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.status}
          data-tone={sentence.tone}
          data-central
          aria-label={sentence.words}
          onClick={() => setOpened(!opened)}
        >
          <Picture size={16} className={classes.statusPicture} aria-hidden />
          <span className={classes.statusWord} role="status">
            {sentence.words}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {sentence.words}
          </Text>
          <Text size="sm">
            {status.lastContactAt === null ? (
              t('contact.never')
            ) : (
              <>
                {t('contact.last')} <MomentText at={status.lastContactAt} />
              </>
            )}
          </Text>
          {status.firstFill !== null && (
            <Progress
              value={(status.firstFill.done / Math.max(1, status.firstFill.total)) * 100}
              animated
              aria-label={t('standing.firstFill')}
            />
          )}
          {status.phase !== 'idle' && <Text size="sm">{t(`phase.${status.phase}`)}</Text>}
          {unsent !== null && unsent.oldestAt !== null && (
            <Text size="sm">
              {t('contact.oldest')} <MomentText at={unsent.oldestAt} />
            </Text>
          )}
          {attention > 0 && (
            <Text size="sm" fw={600}>
              {t('waiting.some', { count: attention, number: format.number(attention) })}
            </Text>
          )}
          <SyncNow fault={status.fault} onDone={() => void refetch()} />
          <Anchor component={Link} to="/central" size="sm" onClick={() => setOpened(false)}>
            {t('open')}
          </Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
