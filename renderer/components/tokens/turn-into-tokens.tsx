import { Button, Menu } from '@mantine/core'
import { IconPlayerTrackNext } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { notifyFault } from '../notify.tsx'

interface TurnIntoTokensProps {
  /** Nobody is chosen. */
  disabled?: boolean
  /** Who is chosen, asked for once they are to be sent. */
  chosen: () => readonly string[] | Promise<readonly string[]>
  /** The run has begun, and is shown. */
  onStarted?: () => void
}

/** What a change of makes the connectors be asked for again. */
const kinds = ['connector', 'tokenisation', 'officer']

/** Connectors of the registry that can run here. */
export function useRegistryConnectors() {
  const api = useApi()
  const connectors = useQuery(api.tokenisation.connectors.list.queryOptions(undefined, { kinds }))
  return (connectors.data ?? []).filter(({ kind, usable }) => kind === 'registry' && usable)
}

/**
 * Asks for the tokens of chosen people now; nothing is shown while no connector of the registry can run here. The run tells of
 * everybody who cannot be sent.
 */
export function TurnIntoTokens({ disabled = false, chosen, onStarted }: TurnIntoTokensProps) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const usable = useRegistryConnectors()
  const [only] = usable
  if (only === undefined) return null
  const run = async (connectorId: string): Promise<void> => {
    setBusy(true)
    try {
      const registrantIds = [...(await chosen())]
      const { runId } = await api.tokenisation.runNow.run({ connectorId, registrantIds })
      onStarted?.()
      await navigate(`/tokens/runs/${runId}`)
    } catch (fault) {
      notifyFault(fault)
      setBusy(false)
    }
  }
  const button = (onClick?: () => void) => (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlayerTrackNext size={14} />}
      disabled={busy || disabled}
      {...(onClick && { onClick })}
    >
      {t('consents.run')}
    </Button>
  )
  if (usable.length === 1) return button(() => void run(only.id))
  return (
    <Menu position="bottom-end">
      <Menu.Target>{button()}</Menu.Target>
      <Menu.Dropdown>
        {usable.map(({ id, name }) => (
          <Menu.Item key={id} onClick={() => void run(id)}>
            <bdi>{name}</bdi>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
