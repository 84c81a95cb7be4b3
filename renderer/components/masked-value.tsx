import { ActionIcon, Group, Loader, Text, Tooltip } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notifyFault } from './notify.tsx'

interface MaskedValueProps {
  /** What may be shown to everyone: `•••• 4821`. */
  hint: string
  /** What it is, for the button's name: "account number". */
  name: string
  /** Asks the core for the full value, which is audited; leave out if this officer may not look. */
  onReveal?: () => Promise<string>
}

/** Seconds after which a shown value is covered again. */
const SHOWN_FOR = 30

/** A sealed value behind its hint. "Show" is written into the audit trail; the value is covered again by itself. */
export function MaskedValue({ hint, name, onReveal }: MaskedValueProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<string>()
  const [asking, setAsking] = useState(false)
  useEffect(() => {
    if (shown === undefined) return
    const timer = setTimeout(() => setShown(undefined), SHOWN_FOR * 1_000)
    return () => clearTimeout(timer)
  }, [shown])

  const reveal = async (): Promise<void> => {
    if (!onReveal) return
    setAsking(true)
    try {
      setShown(await onReveal())
    } catch (error) {
      notifyFault(error)
    } finally {
      setAsking(false)
    }
  }
  const label = shown === undefined ? t('masked.show', { name }) : t('masked.hide', { name })
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Text span inherit className="office-figures" style={{ overflowWrap: 'anywhere' }}>
        <bdi>{shown ?? hint}</bdi>
      </Text>
      {onReveal && (
        <Tooltip label={label}>
          <ActionIcon
            size="sm"
            aria-label={label}
            onClick={() => (shown === undefined ? void reveal() : setShown(undefined))}
          >
            {asking ? <Loader size={12} /> : shown === undefined ? <IconEye size={15} /> : <IconEyeOff size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}
