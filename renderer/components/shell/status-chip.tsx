import { HoverCard, Stack, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { setOutside, toneOf, useConnectivity } from '../../state/connectivity.ts'
import classes from './shell.module.css'

/** Milliseconds between two looks at the line, which changes without any record changing. */
const EVERY = 4_000

/** Line and payment system in words, on every screen. */
export function StatusChip() {
  const { t } = useTranslation()
  const api = useApi()
  const outside = useQuery(api.home.outside.queryOptions(undefined, { kinds: ['delivery'], every: EVERY })).data
  useEffect(() => {
    if (outside) setOutside(outside)
  }, [outside])
  const { coreUp, line, paymentSystem } = useConnectivity()
  const worst = !coreUp ? 'bad' : line !== 'up' ? toneOf[line] : toneOf[paymentSystem]
  const word = !coreUp
    ? t('status.coreDown')
    : line !== 'up'
      ? t(`status.line.${line}`)
      : t(`status.paymentSystem.${paymentSystem}`)
  return (
    <HoverCard position="bottom-end" openDelay={150} shadow="md">
      <HoverCard.Target>
        <UnstyledButton className={classes.status} data-tone={worst} aria-label={word}>
          <span className={classes.statusDot} />
          <span className={classes.statusWord} role="status">
            {word}
          </span>
        </UnstyledButton>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Stack gap={4}>
          <Text size="sm">{t(coreUp ? 'status.coreUp' : 'status.coreDown')}</Text>
          <Text size="sm">{t(`status.line.${line}`)}</Text>
          <Text size="sm">{t(`status.paymentSystem.${paymentSystem}`)}</Text>
          <Text size="xs" c="dimmed" maw={280}>
            {t('status.offlineIsFine')}
          </Text>
        </Stack>
      </HoverCard.Dropdown>
    </HoverCard>
  )
}
