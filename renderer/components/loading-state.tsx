import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Grey lines in the shape of what comes; said aloud once. */
export function LoadingState({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm" py="xs" role="status">
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
      {lineNumbers(lines).map((line) => (
        <Skeleton key={line} height={14} width={`${92 - ((line * 17) % 45)}%`} radius="sm" />
      ))}
    </Stack>
  )
}

const lineNumbers = (lines: number): number[] => Array.from({ length: lines }, (_, line) => line)
