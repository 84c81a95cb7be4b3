import { Button, Group, Loader, Paper, Stack, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Api } from '../api/client.ts'
import { faultOf } from '../api/office-fault.ts'
import { useApi } from '../api/provider.tsx'
import { type Language, usePreferences } from '../state/preferences.ts'
import { FaultMessage } from './fault-message.tsx'

type Begun = Awaited<ReturnType<Api['signIn']['begin']['run']>>
export type SignInOutcome = Awaited<ReturnType<Api['signIn']['finish']['run']>>

interface ProviderSignInProps {
  /** The provider, as officers know it. */
  name: string
  /** What the button says. */
  label: string
  begin: (language: Language) => Promise<Begun>
  onOutcome: (outcome: SignInOutcome, attemptId: string) => void
  fullWidth?: boolean
}

/** Sends the officer to a provider in the system's browser, and waits until they are back. */
export function ProviderSignIn({ name, label, begin, onOutcome, fullWidth = false }: ProviderSignInProps) {
  const { t } = useTranslation()
  const api = useApi()
  const language = usePreferences((preferences) => preferences.language)
  const [url, setUrl] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Error>()
  // Counts attempts: what comes of one that was called off concerns nobody.
  const latest = useRef(0)
  const underWay = useRef(false)
  useEffect(
    () => () => {
      latest.current += 1
      if (underWay.current) void api.signIn.cancel.run(undefined)
    },
    [api],
  )

  const start = async (): Promise<void> => {
    latest.current += 1
    const attempt = latest.current
    setFault(undefined)
    setBusy(true)
    underWay.current = true
    try {
      const begun = await begin(language)
      setUrl(begun.url)
      window.open(begun.url, '_blank', 'noopener,noreferrer')
      const outcome = await api.signIn.finish.run({ attemptId: begun.attemptId })
      underWay.current = false
      if (latest.current === attempt) onOutcome(outcome, begun.attemptId)
    } catch (error) {
      const shown = error instanceof Error ? error : new Error(String(error))
      if (latest.current === attempt && faultOf(shown).code !== 'sign-in.cancelled') setFault(shown)
    } finally {
      if (latest.current === attempt) {
        underWay.current = false
        setUrl(undefined)
        setBusy(false)
      }
    }
  }
  const callOff = (): void => {
    latest.current += 1
    underWay.current = false
    setUrl(undefined)
    setBusy(false)
    void api.signIn.cancel.run(undefined)
  }

  if (url !== undefined) {
    return (
      <Paper p="md" radius="md" bg="var(--office-sunk)" role="status">
        <Group wrap="nowrap" align="flex-start">
          <Loader size="sm" mt={4} />
          <Stack gap="xs">
            <div>
              <Text fw={620}>{t('provider.waiting')}</Text>
              <Text c="dimmed" size="sm">
                {t('provider.waitingMeaning', { name })}
              </Text>
            </div>
            <Group gap="xs">
              <Button
                component="a"
                href={url}
                target="_blank"
                rel="noopener noreferrer"
                size="xs"
                variant="default"
                leftSection={<IconExternalLink size={14} />}
              >
                {t('provider.openAgain')}
              </Button>
              <Button size="xs" variant="subtle" color="gray" onClick={callOff}>
                {t('provider.cancel')}
              </Button>
            </Group>
          </Stack>
        </Group>
      </Paper>
    )
  }
  return (
    <Stack gap="xs" align={fullWidth ? 'stretch' : 'flex-start'}>
      <Button
        variant="default"
        size="md"
        loading={busy}
        leftSection={<IconExternalLink size={17} />}
        onClick={() => void start()}
      >
        {label}
      </Button>
      {fault && <FaultMessage fault={fault} onAction={() => void start()} />}
    </Stack>
  )
}
